// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors
#pragma once

#include <boost/random/normal_distribution.hpp>
#include <boost/random/uniform_real_distribution.hpp>
#include <cmath>
#include <limits>
#include <numbers>

#include "problem.hpp"

namespace tmcmc {

/// Log density of the normal distribution at x.
inline double log_normal_density(double x, double mean, double deviation) {
  const double z = (x - mean) / deviation;
  return -0.5 * z * z - std::log(deviation) - 0.5 * std::log(2.0 * std::numbers::pi);
}

/// The normal distribution cut off at 0 and normalised: positive values only.
struct positive_normal {
  double mean;
  double deviation;

  double sample(generator& random) const {
    boost::random::normal_distribution<double> normal(mean, deviation);
    for (;;) {
      if (const double x = normal(random); x > 0.0) return x;
    }
  }
  double log_density(double x) const {
    if (!(x > 0.0)) return -std::numeric_limits<double>::infinity();
    const double positive_share = 0.5 * std::erfc(-mean / deviation / std::numbers::sqrt2);
    return log_normal_density(x, mean, deviation) - std::log(positive_share);
  }
};

/// The distribution of exp(z), z normal.
struct log_normal {
  double mean;       ///< of the logarithm
  double deviation;  ///< of the logarithm

  double sample(generator& random) const {
    return std::exp(boost::random::normal_distribution<double>(mean, deviation)(random));
  }
  double log_density(double x) const {
    if (!(x > 0.0)) return -std::numeric_limits<double>::infinity();
    return log_normal_density(std::log(x), mean, deviation) - std::log(x);
  }
};

/// The uniform distribution on the cube of side 2 * half_width around the origin.
struct uniform_box {
  double half_width = 15.0;

  parameters sample(generator& random, std::size_t dimension) const {
    boost::random::uniform_real_distribution<double> uniform(-half_width, half_width);
    parameters x(dimension);
    for (double& coordinate : x) coordinate = uniform(random);
    return x;
  }
  double log_density(const parameters& x) const {
    for (const double coordinate : x) {
      if (!(std::abs(coordinate) <= half_width)) return -std::numeric_limits<double>::infinity();
    }
    return -static_cast<double>(x.size()) * std::log(2.0 * half_width);
  }

  template <class Archive>
  void serialize(Archive& archive) {
    archive(half_width);
  }
};

}  // namespace tmcmc
