// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors

// A Lennard-Jones fluid by molecular dynamics: each state is a device task, several at a time.

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
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

std::string name_of(const argon::state& s) { return fmt::format("T {:g} density {:g}", s.temperature, s.density); }

/// A device task that tells on standard error, every so many seconds, how far it is; nothing if it ends before.
argon::summary simulate_and_tell(const argon::space& exec, const argon::state& s, double every_seconds) {
  double told = 0;
  return argon::simulate_observed(exec, s, [&](const argon::progress& done) {
    if (done.seconds < told + every_seconds || done.steps == s.steps) return;
    told = done.seconds;
    fmt::print(stderr, "argon: {}: {} of {} steps, {:.3g} atom-steps/s, about {:.0f} s to go\n", name_of(s), done.steps,
               s.steps, s.atoms * (done.steps / done.seconds),
               done.seconds * (static_cast<double>(s.steps) / done.steps - 1));
  });
}

/// As many digits as the error gives reason for.
std::string text_of(const argon::estimate& found) {
  const int decimals = found.error > 1e-12 ? std::max(0, 1 - static_cast<int>(std::floor(std::log10(found.error)))) : 5;
  return fmt::format("{:.{}f} +- {:.{}f}", found.mean, decimals, found.error, decimals);
}

void print(const argon::summary& found) {
  const argon::state& s = found.of;
  fmt::print("T = {:g}, density = {:g}, {} atoms: U/N = {}, p = {}, T measured = {}, ", s.temperature, s.density,
             s.atoms, text_of(found.energy), text_of(found.pressure), text_of(found.temperature));
  if (s.kind == argon::ensemble::nve) fmt::print("drift of the energy = {:.1e} an atom and time, ", found.drift);
  fmt::print("{:.1f} s, {:.3g} atom-steps/s\n", found.seconds, found.atom_steps_a_second);
}

/// Prints what NIST has for the state, if anything. Whether the simulation agrees.
bool compare(const argon::summary& found) {
  const argon::reference* const known = argon::reference_of(found.of);
  if (known == nullptr) return true;
  const auto deviation = [](const argon::estimate& here, const argon::estimate& there) {
    return (here.mean - there.mean) / std::hypot(here.error, there.error);
  };
  const double of_energy = deviation(found.energy, known->energy);
  double of_pressure = 0;
  fmt::print("    NIST: U/N = {} +- {}: {:+.1f} sigma", known->energy.mean, known->energy.error, of_energy);
  if (known->pressure) {
    of_pressure = deviation(found.pressure, {*known->pressure, 0});
    fmt::print(", p = {}: {:+.1f} sigma", *known->pressure, of_pressure);
  }
  fmt::print("\n");
  return std::abs(of_energy) < 4 && std::abs(of_pressure) < 4;
}

int run(int argc, char** argv) {
  argon::state s;
  std::vector<double> densities{s.density};
  std::vector<double> temperatures{s.temperature};
  bool is_nve = false;
  bool is_nist = false;
  double every_seconds = 10;
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
  line.add_flag("--nist", is_nist,
                "simulate the states that NIST has, of 400000 steps after 10000 unless you say otherwise; status 1 if "
                "one is off by four standard errors");
  line.add("--tell-every", every_seconds, "seconds, how far long simulations are", {0.1, 1e9});
  if (const auto status = line.parse(argc, argv)) return *status;
  if (is_nve) s.kind = argon::ensemble::nve;
  if (is_nist) {
    for (const char* const option : {"--density", "--temperature", "--cutoff", "--nve"}) {
      if (line.is_given(option)) return line.refuse(fmt::format("{}: not with --nist, which says it", option));
    }
    densities.clear();
    for (const argon::reference& known : argon::references) densities.push_back(known.density);
    if (!line.is_given("--steps")) s.steps = 400'000;
    if (!line.is_given("--equilibration")) s.equilibration = 10'000;
  }

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
    simulations.push_back(torc::submit({.name = name_of(one)}, torc::on_device, simulate_and_tell, one, every_seconds));
  }
  bool agrees = true;
  for (const auto& simulation : torc::as_completed(simulations)) {
    const argon::summary& found = simulation.result();
    print(found);
    agrees = compare(found) && agrees;
    std::fflush(stdout);
  }
  return is_nist && !agrees ? 1 : 0;
}

}  // namespace

int main(int argc, char** argv) {
  return torc::start(argc, argv, [&] { return run(argc, argv); });
}
