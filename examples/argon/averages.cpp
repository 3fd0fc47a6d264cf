// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors
#include "argon/averages.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace argon {
namespace {

double mean_of(const std::vector<double>& values) {
  return std::accumulate(values.begin(), values.end(), 0.0) / static_cast<double>(values.size());
}

/// Of the mean, as if the values were independent.
double error_of(const std::vector<double>& values) {
  const double mean = mean_of(values);
  double sum = 0;
  for (const double value : values) sum += (value - mean) * (value - mean);
  const auto n = static_cast<double>(values.size());
  return std::sqrt(sum / (n * (n - 1)));
}

}  // namespace

estimate block_average(const std::vector<double>& series) {
  constexpr std::size_t fewest_blocks = 16;
  std::vector<double> blocks = series;
  double error = blocks.size() > 1 ? error_of(blocks) : 0;
  while (blocks.size() >= 2 * fewest_blocks) {
    std::vector<double> doubled;
    for (std::size_t i = 0; i + 1 < blocks.size(); i += 2) doubled.push_back((blocks[i] + blocks[i + 1]) / 2);
    blocks = std::move(doubled);
    error = std::max(error, error_of(blocks));
  }
  return {mean_of(series), error};
}

estimate reweighted_average(const std::vector<double>& series, const std::vector<double>& change, double temperature) {
  const double mean = mean_of(series);
  const double mean_change = mean_of(change);
  std::vector<double> influence = series;
  for (std::size_t i = 0; i < series.size(); ++i)
    influence[i] -= (series[i] - mean) * (change[i] - mean_change) / temperature;
  return block_average(influence);
}

double slope(const std::vector<double>& series, double spacing) {
  const auto n = static_cast<double>(series.size());
  if (series.size() < 2) return 0;
  const double middle = (n - 1) / 2;
  const double mean = mean_of(series);
  double above = 0;
  double below = 0;
  for (std::size_t i = 0; i < series.size(); ++i) {
    const double x = static_cast<double>(i) - middle;
    above += x * (series[i] - mean);
    below += x * x;
  }
  return above / below / spacing;
}

}  // namespace argon
