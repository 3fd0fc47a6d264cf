// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors
#pragma once

#include <string>
#include <vector>

#include "sample.hpp"

namespace tmcmc {

/// One parameter's posterior in numbers.
struct marginal {
  std::string name;
  double mean = 0.0;
  double deviation = 0.0;
  double low = 0.0;  ///< 5 % quantile
  double median = 0.0;
  double high = 0.0;  ///< 95 % quantile
};

/// The value below which that share of the values lies, by linear interpolation; they must be sorted, and at least one.
double quantile(const std::vector<double>& sorted, double share);

/// The marginals of all parameters.
std::vector<marginal> summarise(const std::vector<std::string>& names, const std::vector<sample>& samples);

}  // namespace tmcmc
