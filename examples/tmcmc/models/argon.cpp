// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors
#include "argon.hpp"

#include <algorithm>
#include <boost/random/uniform_real_distribution.hpp>
#include <cmath>
#include <cstdint>
#include <limits>
#include <sstream>
#include <stdexcept>
#include <torc/kokkos.hpp>

#include "../distributions.hpp"
#include "../embedded.hpp"
#include "argon/simulate.hpp"

namespace tmcmc {
namespace {

// CODATA 2018, and the mass of argon.
constexpr double boltzmann = 1.380649e-23;  // J/K
constexpr double avogadro = 6.02214076e23;  // 1/mol
constexpr double molar_mass = 0.039948;     // kg/mol
constexpr double angstrom = 1e-10;          // m

struct interval {
  double least;
  double most;
};
constexpr interval priors[argon_problem::count] = {{90, 150}, {3.2, 3.6}};

constexpr int atoms = 128;
constexpr double cutoff = 2.5;
constexpr double friction = 3;     // settles soon, and slows the motion in a liquid but little
constexpr double timestep = 0.01;  // reduced: as long as the heat bath of the small system keeps it stable
/// Of each simulation: what the hot lattice needs to become a cool liquid, and what averages are taken over.
constexpr double settling_time = 3e-12;     // s
constexpr double measuring_time = 4.5e-12;  // s
/// Standard deviation of such averages among simulations with other random numbers, reduced. From the few values of one
/// simulation it cannot be told: they are too correlated.
constexpr double pressure_scatter = 0.15;
constexpr double energy_scatter = 0.035;
/// The scatter is counted twice, so that no lucky simulation has a likelihood from which a chain hardly gets away.
constexpr double scatter_counts = 2;

std::vector<argon_measurement> read_measurements(const std::string& csv) {
  std::vector<argon_measurement> all;
  std::istringstream lines(csv);
  for (std::string line; std::getline(lines, line);) {
    if (line.empty() || line.front() < '0' || line.front() > '9') continue;  // comments and column names
    std::replace(line.begin(), line.end(), ',', ' ');
    argon_measurement m;
    if (!(std::istringstream(line) >> m.temperature >> m.density >> m.pressure >> m.pressure_error >> m.energy >>
          m.energy_error)) {
      throw std::runtime_error("the data of argon have a malformed line: " + line);
    }
    all.push_back(m);
  }
  return all;
}

argon::state state_of(const argon_measurement& m, const argon_units& unit, std::uint64_t seed) {
  argon::state s;
  s.atoms = atoms;
  s.cutoff = cutoff;
  s.timestep = timestep;
  s.friction = friction;
  s.temperature = unit.temperature(m);
  s.density = unit.density(m);
  s.equilibration = static_cast<std::int32_t>(settling_time / (timestep * unit.time));
  s.steps = static_cast<std::int32_t>(measuring_time / (timestep * unit.time));
  s.sample_every = 5;
  s.seed = seed;
  return s;
}

}  // namespace

argon_units::argon_units(const parameters& x)
    : energy(x[argon_problem::epsilon] * boltzmann),
      length(x[argon_problem::sigma] * angstrom),
      time(length * std::sqrt(molar_mass / avogadro / energy)) {}
double argon_units::pressure() const { return energy / (length * length * length) * 1e-6; }
double argon_units::energy_a_mole() const { return energy * avogadro * 1e-3; }
double argon_units::temperature(const argon_measurement& m) const { return m.temperature * boltzmann / energy; }
double argon_units::density(const argon_measurement& m) const {
  return m.density / molar_mass * avogadro * length * length * length;
}

const std::vector<argon_measurement>& argon_measurements() {
  static const std::vector<argon_measurement> all = read_measurements(embedded::argon_csv);
  return all;
}

parameters argon_problem::sample_prior(generator& random) const {
  parameters x;
  for (const interval& i : priors)
    x.push_back(boost::random::uniform_real_distribution<double>(i.least, i.most)(random));
  return x;
}

double argon_problem::log_prior(const parameters& x) const {
  double sum = 0;
  for (std::size_t i = 0; i < count; ++i) {
    if (!(x[i] >= priors[i].least && x[i] <= priors[i].most)) return -std::numeric_limits<double>::infinity();
    sum -= std::log(priors[i].most - priors[i].least);
  }
  return sum;
}

std::optional<double> argon_problem::log_likelihood(const parameters& x) const {
  const argon_units unit(x);
  const auto& measured = argon_measurements();
  std::vector<torc::future<argon::summary>> simulations;
  for (std::size_t i = 0; i < measured.size(); ++i)
    simulations.push_back(torc::submit(torc::on_device, argon::simulate, state_of(measured[i], unit, i)));
  double sum = 0;
  for (std::size_t i = 0; i < measured.size(); ++i) {
    const argon::summary found = simulations[i].result();
    const argon_measurement& m = measured[i];
    sum += log_normal_density(m.pressure, found.pressure.mean * unit.pressure(),
                              std::hypot(m.pressure_error, scatter_counts * pressure_scatter * unit.pressure()));
    sum += log_normal_density(m.energy, found.energy.mean * unit.energy_a_mole(),
                              std::hypot(m.energy_error, scatter_counts * energy_scatter * unit.energy_a_mole()));
  }
  return sum;
}

}  // namespace tmcmc
