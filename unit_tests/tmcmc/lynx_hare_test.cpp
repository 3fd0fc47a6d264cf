// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors
#include "tmcmc/models/lynx_hare.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <vector>

#include "run_on.hpp"
#include "tmcmc/distributions.hpp"
#include "tmcmc/models/lynx_hare_band.hpp"

namespace {

using tmcmc::lynx_hare_course;
using tmcmc::lynx_hare_problem;
using tmcmc::parameters;

const parameters typical{0.55, 0.028, 0.80, 0.024, 34.0, 5.9, 0.25, 0.25};

/// delta u - gamma log u + beta v - alpha log v, which the system conserves.
double invariant(const parameters& x, const tmcmc::predator_and_prey& p) {
  return x[3] * p.hare - x[2] * std::log(p.hare) + x[1] * p.lynx - x[0] * std::log(p.lynx);
}

TEST(lynx_hare, data_are_21_years_from_1900) {
  const auto& counts = tmcmc::pelt_counts();
  ASSERT_EQ(counts.size(), 21U);
  EXPECT_EQ(counts.front().year, 1900);
  EXPECT_EQ(counts.back().year, 1920);
  EXPECT_EQ(counts[3].lynx, 35.2);
  EXPECT_EQ(counts[3].hare, 77.4);
}

TEST(lynx_hare, course_starts_at_its_initial_values) {
  const auto course = lynx_hare_course(typical, {0.0, 1.0});
  ASSERT_TRUE(course);
  EXPECT_NEAR((*course)[0].hare, 34.0, 1e-12);
  EXPECT_NEAR((*course)[0].lynx, 5.9, 1e-12);
}

TEST(lynx_hare, course_conserves_the_invariant_of_the_system) {
  std::vector<double> times;
  for (int year = 0; year <= 20; ++year) times.push_back(year);
  // the second starts almost without lynx: hare explodes, then nearly dies out
  for (const parameters& x : {typical, parameters{2.0, 0.01, 1.0, 0.1, 100.0, 0.5, 1.0, 1.0}}) {
    const auto course = lynx_hare_course(x, times);
    ASSERT_TRUE(course);
    const double start = invariant(x, course->front());
    for (const auto& p : *course) EXPECT_NEAR(invariant(x, p), start, 1e-3 * std::abs(start));
  }
}

TEST(lynx_hare, equilibrium_stays) {
  parameters x = typical;
  x[lynx_hare_problem::hare_start] = x[2] / x[3];
  x[lynx_hare_problem::lynx_start] = x[0] / x[1];
  const auto course = lynx_hare_course(x, {0.0, 20.0});
  ASSERT_TRUE(course);
  EXPECT_NEAR((*course)[1].hare, x[2] / x[3], 1e-9);
  EXPECT_NEAR((*course)[1].lynx, x[0] / x[1], 1e-9);
}

TEST(lynx_hare, run_that_cannot_be_integrated_fails_rather_than_gives_a_number) {
  parameters x = typical;
  x[lynx_hare_problem::delta] = 1e30;
  EXPECT_FALSE(lynx_hare_problem{}.log_likelihood(x));
  x[lynx_hare_problem::delta] = std::numeric_limits<double>::quiet_NaN();
  EXPECT_FALSE(lynx_hare_problem{}.log_likelihood(x));
}

TEST(lynx_hare, all_draws_of_the_prior_are_inside_it) {
  tmcmc::generator random = torc::rng("lynx_hare_test");
  for (int i = 0; i < 1000; ++i) {
    EXPECT_TRUE(std::isfinite(lynx_hare_problem{}.log_prior(lynx_hare_problem{}.sample_prior(random))));
  }
  parameters outside = typical;
  outside[0] = -0.1;
  EXPECT_EQ(lynx_hare_problem{}.log_prior(outside), -std::numeric_limits<double>::infinity());
}

TEST(lynx_hare, likelihood_is_the_product_over_both_species_and_all_years) {
  std::vector<double> times;
  for (int year = 0; year <= 20; ++year) times.push_back(year);
  const auto course = lynx_hare_course(typical, times);
  ASSERT_TRUE(course);
  double expected = 0.0;
  for (std::size_t i = 0; i < 21; ++i) {
    const auto& counted = tmcmc::pelt_counts()[i];
    expected += tmcmc::log_normal{std::log((*course)[i].hare), 0.25}.log_density(counted.hare);
    expected += tmcmc::log_normal{std::log((*course)[i].lynx), 0.25}.log_density(counted.lynx);
  }
  EXPECT_NEAR(lynx_hare_problem{}.log_likelihood(typical).value(), expected, 1e-9);
}

TEST(lynx_hare, bands_of_equal_samples_have_no_width_but_counts_do) {
  const std::vector<tmcmc::sample> samples(500, tmcmc::sample{.x = typical});
  tmcmc::testing::run_on(2, [&] {
    const auto all = tmcmc::lynx_hare_bands(samples, 1);
    ASSERT_EQ(all.size(), 201U);
    EXPECT_DOUBLE_EQ(all.back().year, 1920.0);
    for (const auto& b : all) {
      EXPECT_DOUBLE_EQ(b.hare.low, b.hare.high);
      EXPECT_NEAR(std::log(b.hare.count_high / b.hare.median), 1.645 * 0.25, 0.1);
      EXPECT_NEAR(std::log(b.lynx.count_low / b.lynx.median), -1.645 * 0.25, 0.1);
    }
  });
}

}  // namespace
