// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors
#pragma once

#include <cstdint>

#include "core/base/random.hpp"

namespace storm {

/// Numbers that follow from a key alone, so that every rank draws the same ones.
class dice {
 public:
  explicit dice(std::uint64_t key) noexcept : m_numbers(torc::base::random::mix(key ^ 0x6a09e667f3bcc909U)) {}

  std::uint64_t next() noexcept { return m_numbers(); }
  /// 0 to n - 1.
  std::uint32_t below(std::uint32_t n) noexcept { return static_cast<std::uint32_t>((next() >> 16U) % n); }
  bool one_in(std::uint32_t n) noexcept { return below(n) == 0; }

 private:
  torc::base::random m_numbers;
};

}  // namespace storm
