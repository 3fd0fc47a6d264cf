// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors
#pragma once

#include <cstdint>

namespace torc::base {

/// splitmix64 (Steele, Lea and Flood, OOPSLA 2014, doi:10.1145/2714064.2660195): one word of state, the same numbers on
/// every machine. For choices of the runtime and of tests; tasks draw from torc::rng. Not thread-safe.
class random {
 public:
  constexpr explicit random(std::uint64_t state) noexcept : m_state(state) {}

  constexpr std::uint64_t operator()() noexcept { return mix(m_state += 0x9e3779b97f4a7c15U); }
  /// 0 … bound - 1, with a bias of bound / 2^64.
  constexpr std::uint64_t below(std::uint64_t bound) noexcept { return (*this)() % bound; }

  /// A bijection whose output has nothing of its input's order.
  static constexpr std::uint64_t mix(std::uint64_t x) noexcept {
    x = (x ^ (x >> 30U)) * 0xbf58476d1ce4e5b9U;
    x = (x ^ (x >> 27U)) * 0x94d049bb133111ebU;
    return x ^ (x >> 31U);
  }

 private:
  std::uint64_t m_state;
};

}  // namespace torc::base
