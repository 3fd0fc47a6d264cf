// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors
// The answers that the sampler must find, with the options that the program has by default.

#include <gtest/gtest.h>

#include <array>
#include <cmath>
#include <cstdint>

#include "run_on.hpp"
#include "tmcmc/models/analytic.hpp"
#include "tmcmc/models/lynx_hare.hpp"
#include "tmcmc/sampler.hpp"
#include "tmcmc/summary.hpp"

namespace {

using tmcmc::testing::run_on;

class known_answers : public testing::TestWithParam<std::uint64_t> {
 protected:
  template <tmcmc::problem P>
  tmcmc::posterior solve(const P& p) {
    tmcmc::posterior result;
    run_on(2, [&] { result = tmcmc::sample_posterior(p, {.seed = GetParam()}); });
    return result;
  }
};

struct moments {
  double mean = 0.0;
  double variance = 0.0;
};

moments moments_of(const tmcmc::posterior& result, std::size_t coordinate) {
  const auto m = tmcmc::summarise({"x", "y"}, result.samples)[coordinate];
  return {m.mean, m.deviation * m.deviation};
}

// The tolerances of means and variances are five standard deviations, as measured over 200 seeds, or more.

TEST_P(known_answers, normal) {
  const auto result = solve(tmcmc::normal_problem{});
  EXPECT_NEAR(result.log_evidence, -6.802, 0.25);
  for (const std::size_t i : {0U, 1U}) {
    EXPECT_NEAR(moments_of(result, i).mean, 0.0, 0.12);
    EXPECT_NEAR(moments_of(result, i).variance, 1.0, 0.17);
  }
}

TEST_P(known_answers, mixture) {
  const auto result = solve(tmcmc::mixture_problem{});
  EXPECT_NEAR(result.log_evidence, -6.109, 0.25);
  for (const std::size_t i : {0U, 1U}) {
    EXPECT_NEAR(moments_of(result, i).mean, 0.0, 1.6);  // how many samples each mode gets is random
    EXPECT_NEAR(moments_of(result, i).variance, 26.0, 1.5);
  }
}

TEST_P(known_answers, rosenbrock) {
  const auto result = solve(tmcmc::rosenbrock_problem{});
  EXPECT_NEAR(result.log_evidence, -7.960, 0.25);
  EXPECT_NEAR(moments_of(result, 0).mean, 1.0, 0.1);
  EXPECT_NEAR(moments_of(result, 0).variance, 0.5, 0.12);
  EXPECT_NEAR(moments_of(result, 1).mean, 1.5, 0.25);
}

struct reference {
  double mean, deviation, low, median, high;
};

/// Posterior of lynx and hare: 10,000 draws of posteriordb's hudson_lynx_hare-lotka_volterra.
constexpr std::array<reference, 8> lynx_hare{{{0.5469, 0.0631, 0.4482, 0.5437, 0.6553},
                                              {0.02775, 0.00416, 0.02138, 0.02750, 0.03503},
                                              {0.8001, 0.0894, 0.6642, 0.7941, 0.9578},
                                              {0.02409, 0.00353, 0.01886, 0.02383, 0.03031},
                                              {34.04, 2.92, 29.34, 33.94, 39.04},
                                              {5.936, 0.531, 5.115, 5.911, 6.835},
                                              {0.2481, 0.0433, 0.1878, 0.2425, 0.3279},
                                              {0.2510, 0.0436, 0.1911, 0.2448, 0.3313}}};

TEST_P(known_answers, lynx_hare) {
  const tmcmc::lynx_hare_problem p;
  const auto result = solve(p);
  EXPECT_EQ(result.samples.size(), 2000U);
  const auto marginals = tmcmc::summarise(p.parameter_names(), result.samples);
  for (std::size_t i = 0; i < lynx_hare.size(); ++i) {
    const reference& r = lynx_hare[i];
    const auto& m = marginals[i];
    EXPECT_NEAR(m.mean, r.mean, 0.2 * r.deviation) << "mean of " << m.name;
    EXPECT_NEAR(m.low, r.low, 0.35 * r.deviation) << "5 % quantile of " << m.name;
    EXPECT_NEAR(m.median, r.median, 0.35 * r.deviation) << "median of " << m.name;
    EXPECT_NEAR(m.high, r.high, 0.35 * r.deviation) << "95 % quantile of " << m.name;
  }
}

INSTANTIATE_TEST_SUITE_P(seeds, known_answers, testing::Values(1, 2, 3));

}  // namespace
