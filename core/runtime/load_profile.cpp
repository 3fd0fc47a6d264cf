// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors
#include "core/runtime/load_profile.hpp"

#include <algorithm>

namespace torc::runtime {

/// Each two periods become one.
void load_profile::halve() {
  for (std::size_t i = 0; 2 * i + 1 < m_periods.size(); ++i) {
    const period& first = m_periods[2 * i];
    const period& second = m_periods[2 * i + 1];
    m_periods[i] = {first.looks + second.looks, first.idle + second.idle, first.surplus + second.surplus};
  }
  m_periods.resize(m_periods.size() / 2);
  m_looks_of_each *= 2;
}

double load_profile::part_with_surplus() const noexcept {
  std::uint64_t with = 0;
  for (const period& one : m_periods) {
    if (one.surplus > 0) with += std::min(one.looks, one.surplus);
  }
  return with == 0 ? 0 : static_cast<double>(with) / static_cast<double>(looks());
}

double load_profile::idle_in_vain(std::span<const load_profile> nodes) noexcept {
  std::size_t longest = 0;
  for (const load_profile& node : nodes) longest = std::max(longest, node.m_periods.size());
  double lost = 0;
  std::uint64_t all_looks = 0;
  for (std::size_t i = 0; i < longest; ++i) {
    double idle = 0;
    double surplus = 0;
    std::uint64_t looks = 0;
    for (const load_profile& node : nodes) {
      if (i >= node.m_periods.size()) continue;
      const period& seen = node.m_periods[i];
      idle += static_cast<double>(seen.idle) / static_cast<double>(seen.looks);
      surplus += static_cast<double>(seen.surplus) / static_cast<double>(seen.looks);
      looks = std::max(looks, seen.looks);
    }
    lost += std::min(idle, surplus) * static_cast<double>(looks);
    all_looks += looks;
  }
  return all_looks == 0 ? 0 : lost / static_cast<double>(all_looks);
}

}  // namespace torc::runtime
