// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors
#include "weights.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>
#include <stdexcept>
#include <string>

namespace tmcmc {

namespace {

/// exp(increment * (F - F_max)): no overflow, and the greatest weight is 1. A likelihood of 0 has weight 0.
std::vector<double> relative_weights(const std::vector<double>& log_likelihoods, double increment) {
  const double greatest = *std::max_element(log_likelihoods.begin(), log_likelihoods.end());
  std::vector<double> weights(log_likelihoods.size());
  std::transform(log_likelihoods.begin(), log_likelihoods.end(), weights.begin(),
                 [=](double f) { return std::isfinite(f) ? std::exp(increment * (f - greatest)) : 0.0; });
  return weights;
}

double mean(const std::vector<double>& values) {
  return std::accumulate(values.begin(), values.end(), 0.0) / static_cast<double>(values.size());
}

}  // namespace

double weight_variation(const std::vector<double>& log_likelihoods, double increment) {
  const std::vector<double> weights = relative_weights(log_likelihoods, increment);
  const double average = mean(weights);
  if (average == 0.0) return std::numeric_limits<double>::infinity();
  double squares = 0.0;
  for (const double w : weights) squares += (w - average) * (w - average);
  return std::sqrt(squares / static_cast<double>(weights.size())) / average;
}

double next_exponent(const std::vector<double>& log_likelihoods, double current, double target) {
  const double widest = 1.0 - current;
  if (weight_variation(log_likelihoods, widest) <= target) return 1.0;
  if (weight_variation(log_likelihoods, 0.0) >= target) {
    const auto usable =
        std::count_if(log_likelihoods.begin(), log_likelihoods.end(), [](double f) { return std::isfinite(f); });
    throw std::runtime_error("only " + std::to_string(usable) + " of " + std::to_string(log_likelihoods.size()) +
                             " samples have a likelihood: the model fails in too much of the prior; narrow the prior");
  }
  double low = 0.0;
  double high = widest;
  while (high - low > 1e-12 * high) {
    const double middle = 0.5 * (low + high);
    (weight_variation(log_likelihoods, middle) <= target ? low : high) = middle;
  }
  return current + high;
}

importance_weights make_weights(const std::vector<double>& log_likelihoods, double increment) {
  importance_weights result{relative_weights(log_likelihoods, increment), 0.0};
  const double average = mean(result.normalised);
  const double greatest = *std::max_element(log_likelihoods.begin(), log_likelihoods.end());
  result.log_mean = std::log(average) + increment * greatest;
  const double sum = average * static_cast<double>(result.normalised.size());
  for (double& w : result.normalised) w /= sum;
  return result;
}

}  // namespace tmcmc
