// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors
#pragma once

#include <Random123/philox.h>
#include <Kokkos_Core.hpp>
#include <cmath>
#include <cstdint>

namespace argon {

/// Three independent standard normal numbers.
struct noise {
  double value[3];
};

/// The step of the velocities at the start; no other has this number.
inline constexpr std::uint32_t initial_step = 0xffffffffU;

/// Keyed by seed, atom and step: so the same whoever draws it, and in whatever order (Philox4x32-10 of Salmon et al.,
/// SC 2011, doi:10.1145/2063384.2063405; Box and Muller's transformation).
KOKKOS_INLINE_FUNCTION noise gaussian_noise(std::uint64_t seed, std::uint32_t atom, std::uint32_t step) {
  r123::Philox4x32 generator;
  const r123::Philox4x32::key_type key = {{static_cast<std::uint32_t>(seed), static_cast<std::uint32_t>(seed >> 32U)}};
  const r123::Philox4x32::ctr_type counter = {{atom, step, 0x61726f6eU, 0}};
  const r123::Philox4x32::ctr_type bits = generator(counter, key);
  constexpr double to_unit = 1.0 / 4294967296.0;
  constexpr double two_pi = 6.283185307179586;
  const double radius_a = std::sqrt(-2 * std::log((bits[0] + 0.5) * to_unit));
  const double radius_b = std::sqrt(-2 * std::log((bits[2] + 0.5) * to_unit));
  const double angle_a = two_pi * (bits[1] + 0.5) * to_unit;
  const double angle_b = two_pi * (bits[3] + 0.5) * to_unit;
  return {{radius_a * std::cos(angle_a), radius_a * std::sin(angle_a), radius_b * std::cos(angle_b)}};
}

}  // namespace argon
