// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors
#pragma once

#include <cstdint>

namespace torc::sim {

/// splitmix64 (Steele, Lea and Flood, OOPSLA 2014, doi:10.1145/2714064.2660195): the same on every machine.
class random {
 public:
  explicit random(std::uint64_t seed) noexcept : m_state(seed * 0x9e3779b97f4a7c15U + 0x632be59bd9b4e019U) {}

  std::uint64_t operator()() noexcept {
    m_state += 0x9e3779b97f4a7c15U;
    std::uint64_t x = m_state;
    x = (x ^ (x >> 30U)) * 0xbf58476d1ce4e5b9U;
    x = (x ^ (x >> 27U)) * 0x94d049bb133111ebU;
    return x ^ (x >> 31U);
  }
  /// 0 … bound - 1
  std::uint64_t below(std::uint64_t bound) noexcept { return (*this)() % bound; }
  /// 0 … 1, without 1
  double uniform() noexcept { return static_cast<double>((*this)() >> 11U) * 0x1p-53; }
  bool chance(double probability) noexcept { return uniform() < probability; }

 private:
  std::uint64_t m_state;
};

}  // namespace torc::sim
