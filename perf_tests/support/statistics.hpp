// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors

#pragma once

#include <algorithm>
#include <cstddef>
#include <limits>
#include <vector>

namespace perf {

/// The value below which the given share (0 to 1) of the values lies, interpolated linearly; NaN of none.
inline double quantile(std::vector<double> values, double share) {
  if (values.empty()) return std::numeric_limits<double>::quiet_NaN();
  std::sort(values.begin(), values.end());
  const double position = share * static_cast<double>(values.size() - 1);
  const auto below = static_cast<std::size_t>(position);
  const std::size_t above = std::min(below + 1, values.size() - 1);
  return values[below] + (position - static_cast<double>(below)) * (values[above] - values[below]);
}

inline double median(const std::vector<double>& values) { return quantile(values, 0.5); }
inline double least(const std::vector<double>& values) { return quantile(values, 0); }
inline double greatest(const std::vector<double>& values) { return quantile(values, 1); }

}  // namespace perf
