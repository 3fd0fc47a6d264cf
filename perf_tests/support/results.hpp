// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors

#pragma once

#include <optional>
#include <string>
#include <vector>

namespace perf {

/// What names one series of measurements.
struct series_key {
  std::string what;   ///< what was done, the same for all that did it
  std::string rival;  ///< who did it
  int workers = 1;

  bool operator==(const series_key&) const = default;
};

/// One number a round, in the order of the rounds.
struct series {
  series_key key;
  std::string unit;
  std::vector<double> values;
};

/// What the median of a series, or its ratio to a rival's, should be.
struct target {
  enum class bound { at_most, at_least };

  series_key key;
  std::optional<std::string> relative_to;  ///< this rival's series of the same work and workers; none: the value itself
  bound side = bound::at_most;
  double value = 0;
};

/// The ratio of two series, round by round: what the machine did to a whole round cancels.
struct ratio {
  double median = 0;
  double least = 0;
  double greatest = 0;
};

/// Everything that one program measured.
class results {
 public:
  /// Appends the value of one round; the first one of a series fixes its place in the table.
  void add(const series_key& key, const std::string& unit, double value);

  /// The series of that name, or null.
  const series* find(const series_key& key) const;

  const std::vector<series>& all() const { return m_series; }

 private:
  std::vector<series> m_series;
};

/// Empty if the other is missing, has another number of rounds, or is not above zero throughout.
std::optional<ratio> ratio_of(const series& one, const series* other);

}  // namespace perf
