// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors
#pragma once

#include <cstdint>

#include "core/base/random.hpp"

namespace torc::sim {

/// What chance decides in a simulation; all of it follows from the seed.
class random {
 public:
  explicit random(std::uint64_t seed) noexcept : m_numbers(seed * 0x9e3779b97f4a7c15U + 0x632be59bd9b4e019U) {}

  std::uint64_t operator()() noexcept { return m_numbers(); }
  /// 0 … bound - 1
  std::uint64_t below(std::uint64_t bound) noexcept { return m_numbers.below(bound); }
  /// 0 … 1, without 1
  double uniform() noexcept { return static_cast<double>(m_numbers() >> 11U) * 0x1p-53; }
  bool chance(double probability) noexcept { return uniform() < probability; }

 private:
  base::random m_numbers;
};

}  // namespace torc::sim
