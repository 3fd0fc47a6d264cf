// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors
#include "08_cmaes/cma_es.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <cstdint>
#include <limits>
#include <stdexcept>
#include <vector>

namespace {

using cmaes::cma_es;
using cmaes::stop_reason;
using Eigen::VectorXd;

double sphere(const VectorXd& x) { return x.squaredNorm(); }

double rosenbrock(const VectorXd& x) {
  double sum = 0;
  for (Eigen::Index i = 0; i + 1 < x.size(); ++i)
    sum += 100 * std::pow(x[i] * x[i] - x[i + 1], 2) + std::pow(x[i] - 1, 2);
  return sum;
}

template <class F>
std::vector<double> values_of(F f, const std::vector<VectorXd>& solutions) {
  std::vector<double> values;
  for (const auto& x : solutions) values.push_back(f(x));
  return values;
}

template <class F>
void advance(cma_es& search, F f) {
  const auto solutions = search.ask();
  search.tell(solutions, values_of(f, solutions));
}

template <class F>
cma_es minimise(F f, const VectorXd& start, double sigma, const cmaes::options& chosen) {
  cma_es search(start, sigma, chosen);
  while (search.stop() == stop_reason::none) advance(search, f);
  return search;
}

TEST(cma_es, finds_the_minimum_of_the_sphere_in_10_dimensions) {
  for (std::uint64_t seed = 1; seed <= 5; ++seed) {
    const cma_es search = minimise(sphere, VectorXd::Constant(10, 3.0), 1.0, {.seed = seed});
    EXPECT_LE(search.result().value, 1e-10) << "seed " << seed << ": " << name(search.stop());
    EXPECT_LE(search.result().solution.norm(), 1e-5);
    EXPECT_EQ(search.stop(), stop_reason::tolerance);
    EXPECT_LT(search.axis_ratio(), 10) << "the sphere has no axes to learn";
    EXPECT_LT(search.result().evaluations, 5000);
  }
}

TEST(cma_es, finds_the_minimum_of_rosenbrock_in_2_dimensions) {
  for (std::uint64_t seed = 1; seed <= 5; ++seed) {
    const cma_es search = minimise(rosenbrock, VectorXd::Zero(2), 0.5, {.population = 8, .seed = seed});
    EXPECT_LE(search.result().value, 1e-10) << "seed " << seed << ": " << name(search.stop());
    EXPECT_LE((search.result().solution - VectorXd::Ones(2)).norm(), 1e-4);
  }
}

TEST(cma_es, finds_the_minimum_of_rosenbrock_in_5_dimensions) {
  for (std::uint64_t seed = 1; seed <= 5; ++seed) {
    const cma_es search = minimise(rosenbrock, VectorXd::Zero(5), 0.5, {.seed = seed});
    EXPECT_LE(search.result().value, 1e-10) << "seed " << seed << ": " << name(search.stop());
    EXPECT_LE((search.result().solution - VectorXd::Ones(5)).norm(), 1e-4);
  }
}

TEST(cma_es, learns_axes_of_very_different_length) {
  const auto cigar = [](const VectorXd& x) { return x[0] * x[0] + 1e6 * x.tail(x.size() - 1).squaredNorm(); };
  const cma_es search = minimise(cigar, VectorXd::Ones(6), 0.3, {});
  EXPECT_LE(search.result().value, 1e-10);
  EXPECT_GT(search.axis_ratio(), 200);  // exact: 1000
}

TEST(cma_es, same_seed_gives_the_same_search_and_another_seed_another) {
  cma_es first(VectorXd::Zero(3), 0.5, {.seed = 7});
  cma_es second(VectorXd::Zero(3), 0.5, {.seed = 7});
  cma_es other(VectorXd::Zero(3), 0.5, {.seed = 8});
  EXPECT_NE(first.ask(), other.ask());
  for (int g = 0; g < 20; ++g) {
    advance(first, rosenbrock);
    advance(second, rosenbrock);
  }
  EXPECT_EQ(first.ask(), second.ask());
  EXPECT_EQ(first.result().value, second.result().value);
}

TEST(cma_es, asked_again_before_tell_it_gives_the_same_solutions_and_afterwards_others) {
  cma_es search(VectorXd::Zero(3), 0.5);
  const auto solutions = search.ask();
  EXPECT_EQ(search.ask(), solutions);
  search.tell(solutions, values_of(sphere, solutions));
  EXPECT_NE(search.ask(), solutions);
}

TEST(cma_es, has_the_default_population_of_the_tutorial) {
  EXPECT_EQ(cma_es(VectorXd::Zero(2), 1).population(), 6);
  EXPECT_EQ(cma_es(VectorXd::Zero(10), 1).population(), 10);
  EXPECT_EQ(cma_es(VectorXd::Zero(10), 1, {.population = 23}).population(), 23);
  EXPECT_EQ(cma_es(VectorXd::Zero(10), 1).ask().size(), 10U);
}

TEST(cma_es, the_first_generation_has_the_mean_and_the_sigma_it_was_given) {
  const VectorXd mean = VectorXd::Constant(4, -3.0);
  const auto solutions = cma_es(mean, 2.0, {.population = 20000}).ask();
  VectorXd sum = VectorXd::Zero(4);
  VectorXd squares = VectorXd::Zero(4);
  for (const auto& x : solutions) {
    sum += x - mean;
    squares += (x - mean).cwiseAbs2();
  }
  EXPECT_LT((sum / 20000).cwiseAbs().maxCoeff(), 0.08);  // 5 standard errors
  EXPECT_LT((squares / 20000 - VectorXd::Constant(4, 4.0)).cwiseAbs().maxCoeff(), 0.25);
}

TEST(cma_es, works_in_1_dimension_and_with_the_smallest_population) {
  EXPECT_LE(minimise(sphere, VectorXd::Constant(1, 5.0), 1.0, {}).result().value, 1e-10);
  EXPECT_LE(minimise(sphere, VectorXd::Constant(2, 1.0), 0.5, {.population = 2}).result().value, 1e-4);
}

TEST(cma_es, stops_at_a_target_and_after_the_last_generation) {
  const cma_es reached = minimise(sphere, VectorXd::Ones(3), 0.5, {.target = 1e-3});
  EXPECT_EQ(reached.stop(), stop_reason::target);
  EXPECT_LE(reached.result().value, 1e-3);
  EXPECT_GT(reached.result().value, 1e-12) << "it went on";
  const cma_es cut_short = minimise(sphere, VectorXd::Ones(3), 0.5, {.max_generations = 4});
  EXPECT_EQ(cut_short.stop(), stop_reason::max_generations);
  EXPECT_EQ(cut_short.generation(), 4);
  EXPECT_EQ(cut_short.result().evaluations, 4 * 7);
}

TEST(cma_es, stops_when_all_values_are_equal) {
  const cma_es search = minimise([](const VectorXd&) { return 2.5; }, VectorXd::Zero(3), 1, {.max_generations = 1000});
  EXPECT_EQ(search.stop(), stop_reason::tolerance);
  EXPECT_EQ(search.result().value, 2.5);
}

TEST(cma_es, stops_when_steps_are_too_small_to_matter) {
  const cma_es search = minimise(sphere, VectorXd::Ones(3), 0.5, {.tolerance = 0, .step_tolerance = 1e-6});
  EXPECT_EQ(search.stop(), stop_reason::step_tolerance);
}

TEST(cma_es, keeps_away_from_solutions_that_are_not_feasible) {
  const auto with_wall = [](const VectorXd& x) {
    return x[0] < 1 ? std::numeric_limits<double>::infinity() : x.squaredNorm();
  };
  const cma_es search = minimise(with_wall, VectorXd::Constant(2, 3.0), 0.5, {});
  EXPECT_NEAR(search.result().value, 1, 1e-3);
}

TEST(cma_es, refuses_a_start_that_is_none) {
  const double infinity = std::numeric_limits<double>::infinity();
  EXPECT_THROW(cma_es(VectorXd(), 1), std::invalid_argument);
  EXPECT_THROW(cma_es(VectorXd::Constant(2, infinity), 1), std::invalid_argument);
  EXPECT_THROW(cma_es(VectorXd::Zero(2), 0), std::invalid_argument);
  EXPECT_THROW(cma_es(VectorXd::Zero(2), -1), std::invalid_argument);
  EXPECT_THROW(cma_es(VectorXd::Zero(2), infinity), std::invalid_argument);
  EXPECT_THROW(cma_es(VectorXd::Zero(2), std::nan("")), std::invalid_argument);
  EXPECT_THROW(cma_es(VectorXd::Zero(2), 1, {.population = 1}), std::invalid_argument);
  EXPECT_THROW(cma_es(VectorXd::Zero(2), 1, {.population = -5}), std::invalid_argument);
}

TEST(cma_es, tell_before_ask_or_twice_for_one_ask_throws) {
  cma_es search(VectorXd::Zero(2), 1, {.population = 4});
  const std::vector<VectorXd> own(4, VectorXd::Ones(2));
  EXPECT_THROW(search.tell(own, {1, 2, 3, 4}), std::logic_error);
  search.ask();
  search.tell(own, {1, 2, 3, 4});
  EXPECT_THROW(search.tell(own, {1, 2, 3, 4}), std::logic_error);
  EXPECT_EQ(search.generation(), 1);
}

TEST(cma_es, tell_refuses_what_does_not_fit_and_stays_as_it_was) {
  cma_es search(VectorXd::Zero(2), 1, {.population = 4});
  const auto solutions = search.ask();
  const auto refused = [&](const std::vector<VectorXd>& x, const std::vector<double>& values) {
    EXPECT_THROW(search.tell(x, values), std::invalid_argument);
  };
  refused({}, {});
  refused(solutions, {1, 2, 3});
  refused(solutions, {1, 2, 3, 4, 5});
  refused({solutions[0], solutions[1], solutions[2]}, {1, 2, 3, 4});
  refused({solutions[0], solutions[1], solutions[2], VectorXd::Zero(3)}, {1, 2, 3, 4});
  refused({solutions[0], solutions[1], solutions[2], VectorXd::Constant(2, std::nan(""))}, {1, 2, 3, 4});
  refused(solutions, {1, 2, 3, std::nan("")});
  EXPECT_EQ(search.generation(), 0);
  EXPECT_EQ(search.result().evaluations, 0);
  EXPECT_EQ(search.ask(), solutions);
  search.tell(solutions, {1, 2, 3, 4});
  EXPECT_EQ(search.result().solution, solutions[0]);
}

TEST(cma_es, solutions_at_the_mean_do_no_harm) {
  cma_es search(VectorXd::Zero(3), 1, {.population = 6});
  search.ask();
  search.tell(std::vector<VectorXd>(6, VectorXd::Zero(3)), {1, 1, 1, 1, 1, 1});
  for (const auto& x : search.ask()) EXPECT_TRUE(x.allFinite());
}

}  // namespace
