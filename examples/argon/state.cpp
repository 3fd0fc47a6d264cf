// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors
#include "argon/state.hpp"

#include <fmt/format.h>

#include <numbers>
#include <stdexcept>

namespace argon {
namespace {

void demand(bool is_met, const std::string& what) {
  if (!is_met) throw std::invalid_argument(what);
}

}  // namespace

void check(const state& s) {
  demand(s.atoms >= 2 && s.atoms <= 10'000'000, fmt::format("{} atoms: take from 2 to 10000000", s.atoms));
  demand(s.density > 0 && s.density <= 1.5, fmt::format("density {}: take one above 0 and up to 1.5", s.density));
  demand(s.temperature > 0 && s.temperature <= 100,
         fmt::format("temperature {}: take one above 0 and up to 100", s.temperature));
  demand(s.timestep > 0 && s.timestep <= 0.02,
         fmt::format("time step {}: take one above 0 and up to 0.02", s.timestep));
  demand(s.friction > 0 && s.friction * s.timestep <= 1,
         fmt::format("friction {}: take one above 0 and up to {}, 1 a time step", s.friction, 1 / s.timestep));
  demand(s.cutoff >= 1.5, fmt::format("cutoff {}: take at least 1.5", s.cutoff));
  demand(
      s.cutoff <= box_length(s) / 2,
      fmt::format("cutoff {} is more than half of the box, whose edge is {:.4g}: take more atoms (at least {}) or a "
                  "shorter cutoff",
                  s.cutoff, box_length(s), static_cast<long long>(std::ceil(8 * s.density * std::pow(s.cutoff, 3)))));
  demand(s.equilibration >= 0 && s.steps >= 1 && s.sample_every >= 1,
         fmt::format("{} steps after {}, a sample every {}: take at least 1, 0 and 1", s.steps, s.equilibration,
                     s.sample_every));
  demand(s.steps / s.sample_every >= 2,
         fmt::format("{} steps with a sample every {}: too few samples for an error, take more steps", s.steps,
                     s.sample_every));
}

double energy_beyond(double cutoff, double density) {
  return 8.0 / 3 * std::numbers::pi * density * (std::pow(cutoff, -9) / 3 - std::pow(cutoff, -3));
}

double pressure_beyond(double cutoff, double density) {
  return 16.0 / 3 * std::numbers::pi * density * density * (2 * std::pow(cutoff, -9) / 3 - std::pow(cutoff, -3));
}

}  // namespace argon
