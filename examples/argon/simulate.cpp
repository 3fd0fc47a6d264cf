// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors
#include "argon/simulate.hpp"

#include <chrono>

#include "argon/samples.hpp"
#include "argon/trajectory.hpp"

namespace argon {

summary simulate_observed(const space& exec, const state& s, const std::function<void(const progress&)>& observe) {
  check(s);
  trajectory motion(exec, s);
  const int melting = s.equilibration / 5;
  motion.advance(melting, 2 * s.temperature);  // so that the lattice melts
  motion.advance(s.equilibration - melting, s.temperature);
  if (s.kind == ensemble::nve) motion.scale_to(s.temperature);

  samples taken(exec, s);
  const auto start = std::chrono::steady_clock::now();
  const auto seconds = [&] { return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count(); };
  motion.advance(s.steps, s.kind == ensemble::nvt ? s.temperature : 0, &taken, [&](int steps) {
    observe({steps, seconds()});
  });
  summary found = taken.evaluate(exec);
  found.seconds = seconds();
  found.atom_steps_a_second = static_cast<double>(s.atoms) * s.steps / found.seconds;
  found.rebuilds = motion.rebuilds();
  found.taken_back = motion.taken_back();
  return found;
}

summary simulate(const space& exec, const state& s) {
  return simulate_observed(exec, s, [](const progress&) {});
}

}  // namespace argon
