// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors
#include "tmcmc/leaders.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <numeric>
#include <vector>

namespace {

using plans = std::vector<tmcmc::chain_plan>;

TEST(leaders, counts_sum_to_the_draws_and_follow_the_probabilities) {
  tmcmc::generator random = torc::rng("leaders_test");
  const std::vector<double> probabilities{0.1, 0.0, 0.6, 0.3};
  const std::size_t draws = 100000;
  const auto counts = tmcmc::draw_multinomial(probabilities, draws, random);
  EXPECT_EQ(std::accumulate(counts.begin(), counts.end(), std::size_t{0}), draws);
  EXPECT_EQ(counts[1], 0U);
  for (std::size_t i = 0; i < counts.size(); ++i) {
    const double expected = probabilities[i] * static_cast<double>(draws);
    const double deviation = std::sqrt(expected * (1.0 - probabilities[i]));
    EXPECT_NEAR(static_cast<double>(counts[i]), expected, 5.0 * deviation) << "of " << i;
  }
}

TEST(leaders, certain_one_is_always_drawn) {
  tmcmc::generator random = torc::rng("leaders_test", 2);
  EXPECT_EQ(tmcmc::draw_multinomial({0.0, 1.0, 0.0}, 50, random), (std::vector<std::size_t>{0, 50, 0}));
}

TEST(leaders, each_distinct_leader_starts_one_chain_as_long_as_its_count) {
  EXPECT_EQ(tmcmc::plan_chains({2, 0, 5}, 100), (plans{{0, 2}, {2, 5}}));
}

TEST(leaders, long_chains_are_split) {
  EXPECT_EQ(tmcmc::plan_chains({5, 2}, 2), (plans{{0, 2}, {0, 2}, {0, 1}, {1, 2}}));
  EXPECT_EQ(tmcmc::plan_chains({3}, 1), (plans{{0, 1}, {0, 1}, {0, 1}}));
}

}  // namespace
