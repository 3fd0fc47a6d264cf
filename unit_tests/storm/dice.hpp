// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors
#pragma once

#include <cstdint>

namespace storm {

/// Numbers that follow from a key alone, so that every rank draws the same ones.
class dice {
 public:
  explicit dice(std::uint64_t key) noexcept : m_state(mix(key ^ 0x6a09e667f3bcc909U)) {}

  std::uint64_t next() noexcept { return mix(m_state += 0x9e3779b97f4a7c15U); }
  /// 0 to n - 1.
  std::uint32_t below(std::uint32_t n) noexcept { return static_cast<std::uint32_t>((next() >> 16U) % n); }
  bool one_in(std::uint32_t n) noexcept { return below(n) == 0; }

 private:
  /// SplitMix64's (Steele et al., OOPSLA 2014).
  static constexpr std::uint64_t mix(std::uint64_t z) noexcept {
    z = (z ^ (z >> 30U)) * 0xbf58476d1ce4e5b9U;
    z = (z ^ (z >> 27U)) * 0x94d049bb133111ebU;
    return z ^ (z >> 31U);
  }
  std::uint64_t m_state;
};

}  // namespace storm
