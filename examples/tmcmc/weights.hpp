// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors
#pragma once

#include <vector>

namespace tmcmc {

/// Importance weights that take samples from one exponent to the next.
struct importance_weights {
  std::vector<double> normalised;  ///< sum is 1
  double log_mean =
      0.0;  ///< log of the mean of the weights before normalisation: this stage's share of the log evidence
};

/// Coefficient of variation of exp(increment * log-likelihood). It grows with the increment, from 0 if no likelihood is
/// 0. Infinite if all are.
double weight_variation(const std::vector<double>& log_likelihoods, double increment);

/// The exponent above `current` at which the coefficient of variation of the weights is `target`, at most 1.
/// Throws std::runtime_error if so many samples have likelihood 0 that every exponent exceeds the target.
double next_exponent(const std::vector<double>& log_likelihoods, double current, double target);

importance_weights make_weights(const std::vector<double>& log_likelihoods, double increment);

}  // namespace tmcmc
