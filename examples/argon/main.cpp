// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors

// A Lennard-Jones fluid by molecular dynamics: each state is a device task, several at a time.

#include <fmt/format.h>

#include <cstdio>
#include <stdexcept>
#include <string>
#include <torc/kokkos.hpp>
#include <torc/torc.hpp>
#include <vector>

#include "argon/nist.hpp"
#include "argon/simulate.hpp"
#include "command_line.hpp"

namespace {

void print(const argon::summary& found) {
  const argon::state& s = found.of;
  fmt::print("T = {:g}, density = {:g}, {} atoms: U/N = {:.4f} +- {:.4f}, p = {:.4f} +- {:.4f}, ", s.temperature,
             s.density, s.atoms, found.energy.mean, found.energy.error, found.pressure.mean, found.pressure.error);
  if (s.kind == argon::ensemble::nve) {
    fmt::print("T measured = {:.4f} +- {:.4f}, drift of the energy = {:.1e} an atom and time", found.temperature.mean,
               found.temperature.error, found.drift);
  } else {
    fmt::print("T measured = {:.4f} +- {:.4f}", found.temperature.mean, found.temperature.error);
  }
  fmt::print(", {:.3g} atom-steps/s\n", found.atom_steps_a_second);
  if (const argon::reference* known = argon::reference_of(s)) {
    fmt::print("    NIST: U/N = {} +- {}", known->energy.mean, known->energy.error);
    if (known->pressure) fmt::print(", p = {}", *known->pressure);
    fmt::print("\n");
  }
  std::fflush(stdout);
}

int run(int argc, char** argv) {
  argon::state s;
  std::vector<double> densities{s.density};
  std::vector<double> temperatures{s.temperature};
  bool is_nve = false;
  examples::command_line line(
      "A Lennard-Jones fluid by molecular dynamics; each state is a device task. Reduced units.", "argon");
  line.add("--atoms", s.atoms, "in the box", {2, 10'000'000});
  line.add("--density", densities, "of the fluid, one or more");
  line.add("--temperature", temperatures, "of the fluid, one or more");
  line.add("--steps", s.steps, "over which averages are taken", {2, 1'000'000'000});
  line.add("--equilibration", s.equilibration, "steps before these", {0, 1'000'000'000});
  line.add("--sample-every", s.sample_every, "steps", {1, 1'000'000});
  line.add("--timestep", s.timestep, "of the integration", {1e-6, 0.02});
  line.add("--cutoff", s.cutoff, "of the potential; what is beyond is corrected for", {1.5, 100.0});
  line.add("--friction", s.friction, "of the heat bath, per time", {1e-6, 1e6});
  line.add("--seed", s.seed, "of velocities and heat bath");
  line.add_flag("--nve", is_nve, "take the averages without a heat bath, at constant energy");
  if (const auto status = line.parse(argc, argv)) return *status;
  if (is_nve) s.kind = argon::ensemble::nve;

  std::vector<argon::state> states;
  for (const double temperature : temperatures) {
    for (const double density : densities) {
      s.temperature = temperature;
      s.density = density;
      try {
        argon::check(s);
      } catch (const std::invalid_argument& e) {
        return line.refuse(e.what());
      }
      states.push_back(s);
    }
  }
  fmt::print("{} on {}, {} steps after {}\n", states.size() == 1 ? "1 state" : fmt::format("{} states", states.size()),
             argon::space::name(), s.steps, s.equilibration);
  std::fflush(stdout);
  std::vector<torc::future<argon::summary>> simulations;
  for (const argon::state& one : states) {
    simulations.push_back(torc::submit({.name = fmt::format("T {:g} density {:g}", one.temperature, one.density)},
                                       torc::on_device, argon::simulate, one));
  }
  for (const auto& simulation : torc::as_completed(simulations)) print(simulation.result());
  return 0;
}

}  // namespace

int main(int argc, char** argv) {
  return torc::start(argc, argv, [&] { return run(argc, argv); });
}
