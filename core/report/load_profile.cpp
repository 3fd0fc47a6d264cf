// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors
#include "core/report/load_profile.hpp"

#include <algorithm>

namespace torc::report {

/// Each two periods become one; an odd one remains, and is filled up by the next looks.
void load_profile::halve() {
  for (std::size_t i = 0; i < m_periods.size(); i += 2) {
    period both = m_periods[i];
    if (i + 1 < m_periods.size()) {
      const period& second = m_periods[i + 1];
      both = {both.looks + second.looks, both.idle + second.idle, both.surplus + second.surplus};
    }
    m_periods[i / 2] = both;
  }
  m_periods.resize((m_periods.size() + 1) / 2);
  m_looks_of_each *= 2;
}

double load_profile::part_with_surplus() const noexcept {
  return m_looks_with_surplus == 0 ? 0 : static_cast<double>(m_looks_with_surplus) / static_cast<double>(looks());
}

double load_profile::idle_in_vain(std::span<const load_profile> given) {
  std::vector<load_profile> nodes(given.begin(), given.end());
  std::uint64_t coarsest = 1;
  for (const load_profile& node : nodes) coarsest = std::max(coarsest, node.m_looks_of_each);
  std::size_t longest = 0;
  for (load_profile& node : nodes) {
    while (node.m_looks_of_each < coarsest) node.halve();
    longest = std::max(longest, node.m_periods.size());
  }
  // In worker looks. A node that was there for a part of a period was idle for no longer than that.
  std::uint64_t lost = 0;
  std::uint64_t all_looks = 0;
  for (std::size_t i = 0; i < longest; ++i) {
    period sum;
    for (const load_profile& node : nodes) {
      if (i >= node.m_periods.size()) continue;
      const period& seen = node.m_periods[i];
      sum.idle += seen.idle;
      sum.surplus += seen.surplus;
      sum.looks = std::max(sum.looks, seen.looks);
    }
    lost += std::min(sum.idle, sum.surplus);
    all_looks += sum.looks;
  }
  return all_looks == 0 ? 0 : static_cast<double>(lost) / static_cast<double>(all_looks);
}

}  // namespace torc::report
