// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors
#include "tmcmc/summary.hpp"

#include <gtest/gtest.h>

#include <vector>

namespace {

TEST(summary, quantiles_are_interpolated) {
  const std::vector<double> sorted{0.0, 1.0, 2.0, 4.0};
  EXPECT_DOUBLE_EQ(tmcmc::quantile(sorted, 0.0), 0.0);
  EXPECT_DOUBLE_EQ(tmcmc::quantile(sorted, 0.5), 1.5);
  EXPECT_DOUBLE_EQ(tmcmc::quantile(sorted, 0.9), 3.4);
  EXPECT_DOUBLE_EQ(tmcmc::quantile(sorted, 1.0), 4.0);
  EXPECT_DOUBLE_EQ(tmcmc::quantile({7.0}, 0.3), 7.0);
}

TEST(summary, marginals_have_the_moments_and_quantiles_of_their_column) {
  std::vector<tmcmc::sample> samples;
  for (int i = 100; i >= 0; --i) samples.push_back({.x = {static_cast<double>(i), -1.0}});
  const auto marginals = tmcmc::summarise({"a", "b"}, samples);
  ASSERT_EQ(marginals.size(), 2U);
  EXPECT_EQ(marginals[0].name, "a");
  EXPECT_DOUBLE_EQ(marginals[0].mean, 50.0);
  EXPECT_NEAR(marginals[0].deviation, 29.1548, 1e-4);
  EXPECT_DOUBLE_EQ(marginals[0].low, 5.0);
  EXPECT_DOUBLE_EQ(marginals[0].median, 50.0);
  EXPECT_DOUBLE_EQ(marginals[0].high, 95.0);
  EXPECT_DOUBLE_EQ(marginals[1].mean, -1.0);
  EXPECT_DOUBLE_EQ(marginals[1].deviation, 0.0);
}

}  // namespace
