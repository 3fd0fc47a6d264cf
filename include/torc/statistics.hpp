// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors
#pragma once

#include <torc/bitwise.hpp>

#include <cstdint>

namespace torc {

/// What the workers of this node have done since the session opened.
struct statistics {
  std::uint64_t created = 0;    ///< tasks submitted here
  std::uint64_t executed = 0;   ///< tasks whose bodies have ended here
  std::uint64_t stolen = 0;     ///< tasks that one worker took from another
  std::uint64_t suspended = 0;  ///< times a task gave its worker away to wait
  double idle_seconds = 0;      ///< without work, the sum over the workers
  double elapsed_seconds = 0;
  int workers = 0;

  /// Share of the workers' time since `before` in which they had work, 0 to 1.
  double utilisation_since(const statistics& before) const noexcept {
    const double capacity = (elapsed_seconds - before.elapsed_seconds) * workers;
    return capacity > 0 ? 1 - (idle_seconds - before.idle_seconds) / capacity : 1;
  }
};

template <>
inline constexpr bool is_bitwise<statistics> = true;

/// The counts so far; those of running workers may lag by a few tasks. Thread-safe. Throws torc::error outside a
/// session.
statistics stats();

}  // namespace torc
