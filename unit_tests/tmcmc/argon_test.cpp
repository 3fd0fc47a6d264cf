// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors
#if defined(TMCMC_HAS_ARGON)
#include <gtest/gtest.h>

#include <cmath>
#include <optional>
#include <vector>

#include "run_on.hpp"
#include "tmcmc/models/argon.hpp"

namespace {

TEST(argon_problem, has_the_units_of_the_literature) {
  // Of argon with epsilon/k = 119.8 K and sigma = 3.405 angstrom: 41.9 MPa, 2.156 ps, 0.9961 kJ/mol.
  const tmcmc::argon_units unit(tmcmc::argon_truth);
  EXPECT_NEAR(unit.pressure(), 41.9, 0.05);
  EXPECT_NEAR(unit.time, 2.156e-12, 0.001e-12);
  EXPECT_NEAR(unit.energy_a_mole(), 0.9961, 0.0001);
  const tmcmc::argon_measurement m{.temperature = 59.9, .density = 1680.4};
  EXPECT_NEAR(unit.temperature(m), 0.5, 1e-12);
  EXPECT_NEAR(unit.density(m), 1.0, 0.0005);
}

TEST(argon_problem, data_are_read) {
  const auto& all = tmcmc::argon_measurements();
  ASSERT_EQ(all.size(), 4U);
  EXPECT_EQ(all.front().temperature, 120);
  for (const tmcmc::argon_measurement& m : all) {
    EXPECT_GT(m.pressure, 0);
    EXPECT_LT(m.energy, 0);
    EXPECT_GT(m.pressure_error, 0);
    EXPECT_GT(m.energy_error, 0);
  }
}

TEST(argon_problem, all_corners_of_the_prior_can_be_simulated) {
  tmcmc::testing::run_on(2, [] {
    const tmcmc::argon_problem problem;
    const std::optional<double> at_truth = problem.log_likelihood(tmcmc::argon_truth);
    ASSERT_TRUE(at_truth);
    for (const tmcmc::parameters& x : std::vector<tmcmc::parameters>{{90, 3.2}, {90, 3.6}, {150, 3.2}, {150, 3.6}}) {
      ASSERT_TRUE(std::isfinite(problem.log_prior(x)));
      const std::optional<double> there = problem.log_likelihood(x);
      ASSERT_TRUE(there);
      EXPECT_TRUE(std::isfinite(*there));
      EXPECT_LT(*there, *at_truth);
    }
  });
}

}  // namespace
#endif
