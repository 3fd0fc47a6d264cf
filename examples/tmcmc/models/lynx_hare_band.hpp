// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors
#pragma once

#include <cstdint>
#include <vector>

#include "../sample.hpp"
#include "lynx_hare.hpp"

namespace tmcmc {

/// Where a population lies at one time, over the posterior: the model's value, and a count with its error.
struct band {
  double median = 0.0;
  double low = 0.0;         ///< 5 % quantile of the model's value
  double high = 0.0;        ///< 95 %
  double count_low = 0.0;   ///< 5 % quantile of counts
  double count_high = 0.0;  ///< 95 %
};

/// Bands of both populations at a time.
struct bands {
  double year = 0.0;
  band hare;
  band lynx;
};

/// The bands over the years of the data, from at most 2,000 of the samples, whose runs are tasks; empty if all of these
/// fail. `seed` is that of the errors of counts. Call it from a task.
std::vector<bands> lynx_hare_bands(const std::vector<sample>& samples, std::uint64_t seed);

}  // namespace tmcmc
