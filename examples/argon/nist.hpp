// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors
#pragma once

#include <array>
#include <cmath>
#include <optional>

#include "argon/state.hpp"

namespace argon {

/// What the Monte Carlo simulations of the NIST Standard Reference Simulation Website give for a state, cut at 3 sigma
/// with long-range corrections (doi:10.18434/T4M88Q).
struct reference {
  double temperature;
  double density;
  estimate energy;  ///< an atom
  std::optional<double> pressure;
};

inline const std::array<reference, 3> references{{{0.85, 0.001, {-0.01032, 0.00002}, std::nullopt},
                                                  {0.85, 0.776, {-5.5121, 0.0004}, 0.0067714},
                                                  {0.85, 0.860, {-6.0305, 0.0002}, std::nullopt}}};

inline const reference* reference_of(const state& s) {
  for (const reference& known : references) {
    if (std::abs(known.temperature - s.temperature) < 1e-9 && std::abs(known.density - s.density) < 1e-9) return &known;
  }
  return nullptr;
}

}  // namespace argon
