// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors
#include "summary.hpp"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <numeric>

namespace tmcmc {

double quantile(const std::vector<double>& sorted, double share) {
  const double position = share * static_cast<double>(sorted.size() - 1);
  const auto below = static_cast<std::size_t>(position);
  if (below + 1 >= sorted.size()) return sorted.back();
  return std::lerp(sorted[below], sorted[below + 1], position - static_cast<double>(below));
}

std::vector<marginal> summarise(const std::vector<std::string>& names, const std::vector<sample>& samples) {
  std::vector<marginal> all;
  const auto count = static_cast<double>(samples.size());
  for (std::size_t i = 0; i < names.size(); ++i) {
    std::vector<double> values;
    for (const sample& s : samples) values.push_back(s.x[i]);
    std::sort(values.begin(), values.end());
    marginal m{.name = names[i]};
    m.mean = std::accumulate(values.begin(), values.end(), 0.0) / count;
    for (const double v : values) m.deviation += (v - m.mean) * (v - m.mean);
    m.deviation = std::sqrt(m.deviation / count);
    m.low = quantile(values, 0.05);
    m.median = quantile(values, 0.5);
    m.high = quantile(values, 0.95);
    all.push_back(m);
  }
  return all;
}

}  // namespace tmcmc
