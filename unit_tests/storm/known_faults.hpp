// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors
#pragma once

#include <array>
#include <cstdint>

namespace storm {

/// What torc is known to do wrong: operations that would show it are left out of random programs until it is mended.
/// Numbers are those of the list that the mends work through. A mended one leaves this table.
enum class known_fault : std::uint8_t {};

struct known_fault_row {
  known_fault fault;
  const char* what;
};

inline constexpr std::array<known_fault_row, 0> known_faults{};

/// Which of them random programs may meet.
class fault_switches {
 public:
  fault_switches() {
    for (const auto& row : known_faults) m_off |= bit(row.fault);
  }
  void allow(int number) { m_off &= ~(std::uint64_t{1} << static_cast<unsigned>(number)); }
  void allow_all() { m_off = 0; }
  bool allows(known_fault fault) const noexcept { return (m_off & bit(fault)) == 0; }

 private:
  static constexpr std::uint64_t bit(known_fault fault) { return std::uint64_t{1} << static_cast<unsigned>(fault); }
  std::uint64_t m_off = 0;
};

}  // namespace storm
