// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors
#include "tmcmc/weights.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <numeric>
#include <stdexcept>
#include <vector>

namespace {

constexpr double infinity = std::numeric_limits<double>::infinity();

std::vector<double> ramp(std::size_t count, double step) {
  std::vector<double> values(count);
  for (std::size_t i = 0; i < count; ++i) values[i] = -step * static_cast<double>(i);
  return values;
}

TEST(weights, next_exponent_gives_the_target_variation) {
  const auto log_likelihoods = ramp(1000, 3.0);
  for (const double current : {0.0, 1e-5, 0.01}) {
    const double next = tmcmc::next_exponent(log_likelihoods, current, 1.0);
    ASSERT_LT(next, 1.0);
    EXPECT_GT(next, current);
    EXPECT_NEAR(tmcmc::weight_variation(log_likelihoods, next - current), 1.0, 1e-9);
  }
}

TEST(weights, next_exponent_is_found_for_likelihoods_millions_apart) {
  const auto log_likelihoods = ramp(1000, 1e7);
  const double next = tmcmc::next_exponent(log_likelihoods, 0.0, 1.0);
  EXPECT_NEAR(tmcmc::weight_variation(log_likelihoods, next), 1.0, 1e-6);
}

TEST(weights, next_exponent_is_clamped_to_one) {
  EXPECT_EQ(tmcmc::next_exponent(ramp(100, 1e-3), 0.5, 1.0), 1.0);
  EXPECT_EQ(tmcmc::next_exponent({-7.0, -7.0}, 0.0, 1.0), 1.0);
}

TEST(weights, variation_is_that_of_hand_computed_weights) {
  // weights 1 and 1/2: mean 3/4, deviation 1/4
  EXPECT_NEAR(tmcmc::weight_variation({0.0, -std::log(2.0)}, 1.0), 1.0 / 3.0, 1e-15);
}

TEST(weights, log_mean_neither_overflows_nor_underflows) {
  for (const double shift : {-1e6, 0.0, 1e6}) {
    const auto w = tmcmc::make_weights({shift, shift - std::log(3.0)}, 1.0);
    EXPECT_NEAR(w.log_mean, shift + std::log(2.0 / 3.0), 1e-9 * (1.0 + std::abs(shift)));
    EXPECT_NEAR(w.normalised[0], 0.75, 1e-9);
    EXPECT_NEAR(w.normalised[1], 0.25, 1e-9);
  }
}

TEST(weights, failed_runs_have_no_weight_but_count_in_the_mean) {
  const auto w = tmcmc::make_weights({0.0, -infinity}, 0.5);
  EXPECT_EQ(w.normalised, (std::vector<double>{1.0, 0.0}));
  EXPECT_NEAR(w.log_mean, std::log(0.5), 1e-15);
}

TEST(weights, more_failures_than_the_target_allows_are_reported) {
  try {
    tmcmc::next_exponent({-infinity, -infinity, 0.0, -1000.0}, 0.0, 1.0);
    FAIL() << "nothing was thrown";
  } catch (const std::runtime_error& error) {
    EXPECT_STREQ(error.what(),
                 "only 2 of 4 samples have a likelihood: the model fails in too much of the prior; narrow the prior");
  }
}

TEST(weights, failure_of_all_runs_is_reported) {
  EXPECT_THROW(tmcmc::next_exponent({-infinity, -infinity}, 0.0, 1.0), std::runtime_error);
}

}  // namespace
