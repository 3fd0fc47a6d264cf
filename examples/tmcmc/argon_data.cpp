// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors

// Makes the synthetic data that tmcmc calibrates argon with: argon_data > argon-synthetic.csv

#include <fmt/format.h>

#include <algorithm>
#include <boost/random/normal_distribution.hpp>
#include <cstdint>
#include <string>
#include <torc/kokkos.hpp>
#include <torc/torc.hpp>
#include <utility>
#include <vector>

#include "argon/simulate.hpp"
#include "command_line.hpp"
#include "models/argon.hpp"

namespace {

constexpr double pressure_error = 2;                                                                      // MPa
constexpr double energy_error = 0.02;                                                                     // kJ/mol
const std::vector<std::pair<double, double>> states{{120, 1350}, {150, 1200}, {200, 1250}, {300, 1000}};  // K, kg/m^3

constexpr const char* header =
    R"(# SYNTHETIC data of liquid and dense argon: not measured, but made by
#   argon_data --seed {} --steps {}
# of this repository by molecular dynamics at epsilon/k = {} K and sigma = {} angstrom, to see whether a calibration
# finds these again. Each value has normal noise of its stated error ({} MPa, {} kJ/mol), drawn once with that seed: the first
# draw was taken. The simulations are known to {:.2g} MPa and {:.1g} kJ/mol. Molar mass 0.039948 kg/mol. The energy is the
# potential energy.
temperature in K,density in kg/m^3,pressure in MPa,its error,energy in kJ/mol,its error
)";

int run(int argc, char** argv) {
  argon::state s;
  s.steps = 100000;
  std::uint64_t seed = 1;
  examples::command_line line("Makes the synthetic data that tmcmc calibrates argon with.", "argon_data");
  line.add("--steps", s.steps, "of each simulation", {100, 1'000'000'000});
  line.add("--seed", seed, "of the noise and of the simulations");
  if (const auto status = line.parse(argc, argv)) return *status;

  const tmcmc::argon_units unit(tmcmc::argon_truth);
  std::vector<torc::future<argon::summary>> simulations;
  for (const auto& [temperature, density] : states) {
    const tmcmc::argon_measurement m{.temperature = temperature, .density = density};
    s.temperature = unit.temperature(m);
    s.density = unit.density(m);
    s.seed = seed;
    simulations.push_back(torc::submit(torc::on_device, argon::simulate, s));
  }
  double known_pressure = 0;
  double known_energy = 0;
  std::string rows;
  for (std::size_t i = 0; i < states.size(); ++i) {
    const argon::summary found = simulations[i].result();
    known_pressure = std::max(known_pressure, found.pressure.error * unit.pressure());
    known_energy = std::max(known_energy, found.energy.error * unit.energy_a_mole());
    tmcmc::generator random = torc::rng(seed, i);
    boost::random::normal_distribution<double> noise;
    const double pressure = found.pressure.mean * unit.pressure() + pressure_error * noise(random);
    const double energy = found.energy.mean * unit.energy_a_mole() + energy_error * noise(random);
    rows += fmt::format("{},{},{:.2f},{},{:.4f},{}\n", states[i].first, states[i].second, pressure, pressure_error,
                        energy, energy_error);
  }
  fmt::print(header, seed, s.steps, tmcmc::argon_truth[0], tmcmc::argon_truth[1], pressure_error, energy_error,
             known_pressure, known_energy);
  fmt::print("{}", rows);
  return 0;
}

}  // namespace

int main(int argc, char** argv) {
  return torc::start(argc, argv, [&] { return run(argc, argv); });
}
