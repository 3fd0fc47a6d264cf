// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors
#pragma once

#include <algorithm>
#include <cmath>
#include <optional>
#include <string>
#include <vector>

#include "../distributions.hpp"
#include "../problem.hpp"

namespace tmcmc {

/// Problems in the plane whose answers are known: a uniform prior on a box, and a likelihood given by the derived
/// class.
struct plane_problem {
  uniform_box prior;

  [[nodiscard]] std::vector<std::string> parameter_names() const { return {"x", "y"}; }
  parameters sample_prior(generator& random) const { return prior.sample(random, 2); }
  [[nodiscard]] double log_prior(const parameters& x) const { return prior.log_density(x); }

  template <class Archive>
  void serialize(Archive& archive) {
    archive(prior);
  }
};

/// The likelihood is the normal density with mean 0 and identity covariance.
struct normal_problem : plane_problem {
  [[nodiscard]] std::string name() const { return "normal"; }
  [[nodiscard]] std::optional<double> log_likelihood(const parameters& x) const {
    return log_normal_density(x[0], 0.0, 1.0) + log_normal_density(x[1], 0.0, 1.0);
  }
};

/// The likelihood is the sum of the normal densities with identity covariance around (5, 5) and (-5, -5).
struct mixture_problem : plane_problem {
  [[nodiscard]] std::string name() const { return "mixture"; }
  [[nodiscard]] std::optional<double> log_likelihood(const parameters& x) const {
    const double upper = log_normal_density(x[0], 5.0, 1.0) + log_normal_density(x[1], 5.0, 1.0);
    const double lower = log_normal_density(x[0], -5.0, 1.0) + log_normal_density(x[1], -5.0, 1.0);
    return std::max(upper, lower) + std::log1p(std::exp(-std::abs(upper - lower)));
  }
};

/// The log-likelihood is the negative of Rosenbrock's function: a curved ridge.
struct rosenbrock_problem : plane_problem {
  [[nodiscard]] std::string name() const { return "rosenbrock"; }
  [[nodiscard]] std::optional<double> log_likelihood(const parameters& x) const {
    const double off_ridge = x[1] - x[0] * x[0];
    return -(100.0 * off_ridge * off_ridge + (1.0 - x[0]) * (1.0 - x[0]));
  }
};

}  // namespace tmcmc
