// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors
#include "tmcmc/proposal.hpp"

#include <gtest/gtest.h>

#include <array>
#include <cmath>
#include <vector>

namespace {

using tmcmc::parameters;
using tmcmc::sample;

std::vector<sample> at(const std::vector<parameters>& points) {
  std::vector<sample> samples;
  for (const auto& x : points) samples.push_back({.x = x});
  return samples;
}

/// root * root^T
std::vector<double> square(const std::vector<double>& root, std::size_t n) {
  std::vector<double> product(n * n, 0.0);
  for (std::size_t i = 0; i < n; ++i) {
    for (std::size_t j = 0; j < n; ++j) {
      for (std::size_t k = 0; k < n; ++k) product[i * n + j] += root[i * n + k] * root[j * n + k];
    }
  }
  return product;
}

TEST(proposal, root_squared_is_the_weighted_covariance) {
  // mean (1, 1); deviations (-1, -1), (1, -1), (0, 2) with weights 1/4, 1/4, 1/2 of (0,0), (2,0), (1,2)
  const auto root = tmcmc::covariance_root(at({{0.0, 0.0}, {2.0, 0.0}, {1.0, 2.0}}), {0.25, 0.25, 0.5});
  const auto covariance = square(root, 2);
  EXPECT_NEAR(covariance[0], 0.5, 1e-14);
  EXPECT_NEAR(covariance[1], 0.0, 1e-14);
  EXPECT_NEAR(covariance[2], 0.0, 1e-14);
  EXPECT_NEAR(covariance[3], 1.0, 1e-14);
}

TEST(proposal, covariance_without_spread_in_a_direction_is_made_positive_definite) {
  const auto root = tmcmc::covariance_root(at({{0.0, 0.0}, {1.0, 1.0}, {2.0, 2.0}}), {0.25, 0.5, 0.25});
  const double determinant = root[0] * root[3] - root[1] * root[2];
  EXPECT_GT(std::abs(determinant), 0.0);
  EXPECT_LT(std::abs(determinant), 1e-6);
}

TEST(proposal, coordinates_of_very_different_size_keep_their_spread) {
  const auto covariance = square(
      tmcmc::covariance_root(at({{1e-4, 0.0}, {-1e-4, 0.0}, {0.0, 30.0}, {0.0, -30.0}}), {0.25, 0.25, 0.25, 0.25}), 2);
  EXPECT_NEAR(covariance[0] / 5e-9, 1.0, 1e-3);
  EXPECT_NEAR(covariance[3] / 450.0, 1.0, 1e-12);
}

TEST(proposal, proposals_have_the_scaled_covariance_around_the_current_point) {
  const std::vector<double> root{2.0, 0.0, 1.0, 3.0};  // covariance 4, 2, 10
  const double scale = 0.2;
  tmcmc::generator random = torc::rng("proposal_test");
  const int count = 200000;
  std::array<double, 5> sums{};
  for (int i = 0; i < count; ++i) {
    const parameters p = tmcmc::propose({10.0, -4.0}, root, scale, random);
    const double a = p[0] - 10.0;
    const double b = p[1] + 4.0;
    const std::array<double, 5> terms{a, b, a * a, a * b, b * b};
    for (std::size_t k = 0; k < 5; ++k) sums[k] += terms[k] / count;
  }
  EXPECT_NEAR(sums[0], 0.0, 0.01);
  EXPECT_NEAR(sums[1], 0.0, 0.01);
  EXPECT_NEAR(sums[2], 4.0 * scale * scale, 0.01);
  EXPECT_NEAR(sums[3], 2.0 * scale * scale, 0.01);
  EXPECT_NEAR(sums[4], 10.0 * scale * scale, 0.01);
}

}  // namespace
