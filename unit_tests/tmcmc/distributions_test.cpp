// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors
#include "tmcmc/distributions.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

namespace {

/// Integral of a density over positive values, by the midpoint rule.
template <class Distribution>
double mass(const Distribution& d, double end) {
  const int cells = 200000;
  const double width = end / cells;
  double sum = 0.0;
  for (int i = 0; i < cells; ++i) sum += width * std::exp(d.log_density((i + 0.5) * width));
  return sum;
}

template <class Distribution>
double mean_of_draws(const Distribution& d) {
  tmcmc::generator random = torc::rng("distributions_test");
  double sum = 0.0;
  const int count = 100000;
  for (int i = 0; i < count; ++i) {
    const double x = d.sample(random);
    EXPECT_GT(x, 0.0);
    sum += x / count;
  }
  return sum;
}

TEST(distributions, truncated_normal_is_normalised) {
  EXPECT_NEAR(mass(tmcmc::positive_normal{1.0, 0.5}, 10.0), 1.0, 1e-6);
  EXPECT_NEAR(mass(tmcmc::positive_normal{0.05, 0.05}, 1.0), 1.0, 1e-6);
}

TEST(distributions, log_normal_is_normalised) { EXPECT_NEAR(mass(tmcmc::log_normal{-1.0, 1.0}, 200.0), 1.0, 1e-4); }

TEST(distributions, draws_have_the_mean_of_the_distribution) {
  // mean + deviation * phi(1) / Phi(1) for a normal cut off one deviation below its mean
  EXPECT_NEAR(mean_of_draws(tmcmc::positive_normal{0.05, 0.05}), 0.05 + 0.05 * 0.2419707 / 0.8413447, 5e-4);
  EXPECT_NEAR(mean_of_draws(tmcmc::log_normal{-1.0, 0.5}), std::exp(-1.0 + 0.125), 5e-3);
}

TEST(distributions, outside_the_support_the_density_is_zero) {
  const double zero = -std::numeric_limits<double>::infinity();
  EXPECT_EQ((tmcmc::positive_normal{1.0, 0.5}.log_density(0.0)), zero);
  EXPECT_EQ((tmcmc::log_normal{0.0, 1.0}.log_density(-1.0)), zero);
  EXPECT_EQ(tmcmc::uniform_box{2.0}.log_density({0.0, 2.1}), zero);
  EXPECT_DOUBLE_EQ(tmcmc::uniform_box{2.0}.log_density({0.0, -2.0}), -std::log(16.0));
}

}  // namespace
