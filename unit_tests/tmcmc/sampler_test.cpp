// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors
#include "tmcmc/sampler.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <stdexcept>
#include <string>
#include <vector>

#include "run_on.hpp"
#include "tmcmc/models/analytic.hpp"
#include "tmcmc/models/lynx_hare.hpp"

namespace {

using tmcmc::parameters;
using tmcmc::testing::run_on;

std::vector<double> flat(const std::vector<tmcmc::sample>& samples) {
  std::vector<double> values;
  for (const auto& s : samples) {
    values.insert(values.end(), s.x.begin(), s.x.end());
    values.push_back(s.log_prior);
    values.push_back(s.log_likelihood);
  }
  return values;
}

/// The normal problem, whose model fails in a way of its own on one side of a line.
enum class failure { no_value, exception, not_a_number };

struct half_failing_problem : tmcmc::normal_problem {
  failure kind = failure::no_value;

  std::optional<double> log_likelihood(const parameters& x) const {
    if (x[0] < 5.0) return tmcmc::normal_problem::log_likelihood(x);
    if (kind == failure::exception) throw std::runtime_error("solver diverged");
    if (kind == failure::not_a_number) return std::numeric_limits<double>::quiet_NaN();
    return std::nullopt;
  }
  template <class Archive>
  void serialize(Archive& archive) {
    tmcmc::plane_problem::serialize(archive);
    archive(kind);
  }
};

double log_density_of_coordinate(double x) { return tmcmc::log_normal_density(x, 0.0, 1.0); }

/// The normal problem, with a task for each coordinate.
struct nested_problem : tmcmc::normal_problem {
  std::optional<double> log_likelihood(const parameters& x) const {
    const auto first = torc::submit(log_density_of_coordinate, x[0]);
    const auto second = torc::submit(log_density_of_coordinate, x[1]);
    torc::wait();
    return first.result() + second.result();
  }
};

/// A model that always fails.
struct hopeless_problem : tmcmc::normal_problem {
  std::optional<double> log_likelihood(const parameters&) const { return std::nullopt; }
};

TEST(sampler, same_seed_gives_bit_identical_samples_for_any_number_of_workers) {
  const tmcmc::sampler_options options{.samples = 200, .seed = 3, .longest_chain = 4, .steps = 3};
  std::vector<std::vector<double>> runs;
  for (const int workers : {1, 2, 4}) {
    run_on(workers,
           [&] { runs.push_back(flat(tmcmc::sample_posterior(tmcmc::lynx_hare_problem{}, options).samples)); });
  }
  ASSERT_EQ(runs.size(), 3U);
  EXPECT_EQ(runs[0].size(), 200U * 10U);
  EXPECT_EQ(runs[0], runs[1]);
  EXPECT_EQ(runs[0], runs[2]);
}

TEST(sampler, another_seed_gives_other_samples) {
  run_on(1, [] {
    const auto one = tmcmc::sample_posterior(tmcmc::normal_problem{}, {.samples = 50, .seed = 1});
    const auto two = tmcmc::sample_posterior(tmcmc::normal_problem{}, {.samples = 50, .seed = 2});
    EXPECT_NE(flat(one.samples), flat(two.samples));
  });
}

TEST(sampler, stages_climb_to_exponent_one_at_the_target_variation) {
  std::vector<tmcmc::stage_report> stages;
  run_on(2, [&] {
    tmcmc::sample_posterior(tmcmc::rosenbrock_problem{}, {.samples = 500, .steps = 1},
                            [&](const tmcmc::stage_report& r) { stages.push_back(r); });
  });
  ASSERT_GT(stages.size(), 3U);
  EXPECT_EQ(stages.front().exponent, 0.0);
  EXPECT_EQ(stages.back().exponent, 1.0);
  EXPECT_LE(stages.back().variation, 1.0);
  EXPECT_EQ(stages.front().counts.evaluations, 500U);
  for (std::size_t i = 1; i < stages.size(); ++i) {
    EXPECT_GT(stages[i].exponent, stages[i - 1].exponent);
    EXPECT_EQ(stages[i].counts.proposals, 500U);
    EXPECT_LE(stages[i].counts.evaluations, 500U);
    if (i + 1 < stages.size()) {
      EXPECT_NEAR(stages[i].variation, 1.0, 1e-6);
    }
  }
}

TEST(sampler, chains_of_any_length_give_as_many_samples) {
  run_on(2, [] {
    for (const std::size_t longest : {1U, 2U, 1000U}) {
      const auto result =
          tmcmc::sample_posterior(tmcmc::normal_problem{}, {.samples = 301, .longest_chain = longest, .steps = 2});
      EXPECT_EQ(result.samples.size(), 301U);
    }
  });
}

TEST(sampler, proposals_outside_the_prior_are_rejected_without_a_model_run) {
  tmcmc::normal_problem edge{{{1.0}}};
  tmcmc::chain_task task{
      .seed = 1, .stage = 1, .scale = 1.0, .covariance_root = {100.0, 0.0, 0.0, 100.0}, .length = 50};
  task.leader = {{0.5, 0.5}, edge.log_prior({0.5, 0.5}), *edge.log_likelihood({0.5, 0.5})};
  const auto chain = tmcmc::run_chain(edge, task);
  EXPECT_EQ(chain.counts.proposals, 50U);
  EXPECT_LT(chain.counts.evaluations, 5U);
  ASSERT_EQ(chain.samples.size(), 50U);
  for (const auto& s : chain.samples) EXPECT_LE(std::abs(s.x[0]), 1.0);
}

TEST(sampler, chain_records_the_current_sample_at_every_step_also_when_a_proposal_is_rejected) {
  const tmcmc::normal_problem p{{{15.0}}};
  tmcmc::chain_task task{.seed = 1, .stage = 1, .scale = 2.0, .covariance_root = {1.0, 0.0, 0.0, 1.0}, .length = 200};
  task.leader = {{0.0, 0.0}, p.log_prior({0.0, 0.0}), *p.log_likelihood({0.0, 0.0})};
  const auto chain = tmcmc::run_chain(p, task);
  ASSERT_EQ(chain.samples.size(), 200U);
  std::size_t moves = chain.samples[0].x != task.leader.x ? 1 : 0;
  for (std::size_t i = 1; i < 200; ++i) moves += chain.samples[i].x != chain.samples[i - 1].x ? 1 : 0;
  EXPECT_EQ(moves, chain.counts.accepted);
  EXPECT_GT(moves, 0U);
  EXPECT_LT(moves, 200U);
}

class failing_models : public testing::TestWithParam<failure> {};

TEST_P(failing_models, failed_runs_are_counted_explained_and_never_kept) {
  half_failing_problem p;
  p.kind = GetParam();
  run_on(2, [&] {
    const auto result = tmcmc::sample_posterior(p, {.samples = 300, .steps = 5});
    EXPECT_GT(result.counts.failures, 50U);  // a third of the prior fails
    EXPECT_LT(result.counts.failures, result.counts.evaluations);
    EXPECT_EQ(result.counts.first_failure,
              GetParam() == failure::exception ? "solver diverged" : "the model gave no finite value");
    for (const auto& s : result.samples) {
      EXPECT_LT(s.x[0], 5.0);
      EXPECT_TRUE(std::isfinite(s.log_likelihood));
    }
  });
}

INSTANTIATE_TEST_SUITE_P(kinds, failing_models,
                         testing::Values(failure::no_value, failure::exception, failure::not_a_number));

TEST(sampler, model_that_always_fails_is_reported) {
  run_on(1, [] { EXPECT_THROW(tmcmc::sample_posterior(hopeless_problem{}, {.samples = 20}), std::runtime_error); });
}

TEST(sampler, models_may_run_tasks_of_their_own) {
  const tmcmc::sampler_options options{.samples = 100, .steps = 2};
  for (const int workers : {1, 2}) {
    run_on(workers, [&] {
      const auto nested = tmcmc::sample_posterior(nested_problem{}, options);
      const auto plain = tmcmc::sample_posterior(tmcmc::normal_problem{}, options);
      EXPECT_EQ(flat(nested.samples), flat(plain.samples));
    });
  }
}

}  // namespace
