// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors

#include "support/results.hpp"

#include <algorithm>

#include "support/statistics.hpp"

namespace perf {

void results::add(const series_key& key, const std::string& unit, double value) {
  auto found = std::find_if(m_series.begin(), m_series.end(), [&](const series& one) { return one.key == key; });
  if (found == m_series.end()) found = m_series.insert(m_series.end(), series{key, unit, {}});
  found->values.push_back(value);
}

const series* results::find(const series_key& key) const {
  const auto found = std::find_if(m_series.begin(), m_series.end(), [&](const series& one) { return one.key == key; });
  return found == m_series.end() ? nullptr : &*found;
}

std::optional<ratio> ratio_of(const series& one, const series* other) {
  if (other == nullptr || one.values.empty() || one.values.size() != other->values.size()) return std::nullopt;
  if (least(other->values) <= 0) return std::nullopt;
  std::vector<double> ratios(one.values.size());
  std::transform(one.values.begin(), one.values.end(), other->values.begin(), ratios.begin(),
                 [](double value, double base) { return value / base; });
  return ratio{median(ratios), least(ratios), greatest(ratios)};
}

}  // namespace perf
