// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <iterator>
#include <torc/torc.hpp>
#include <utility>
#include <vector>

#include "chain.hpp"
#include "leaders.hpp"
#include "problem.hpp"
#include "proposal.hpp"
#include "sample.hpp"
#include "stage.hpp"
#include "weights.hpp"

namespace tmcmc {

struct sampler_options {
  std::size_t samples = 2000;
  std::uint64_t seed = 1;
  std::size_t longest_chain = 1;  ///< 1 is BASIS (Wu et al. 2018), the unbiased form
  /// Metropolis steps for each sample of a stage. 1 is the plain form; it is enough in the plane, but in eight
  /// dimensions steps of a fifth of the spread leave the few samples that survive a stage where they are.
  std::size_t steps = 50;
  double target_variation = 1.0;  ///< coefficient of variation of the weights of a stage
  double proposal_scale = 0.2;    ///< beta
};

/// What a run finds.
struct posterior {
  std::vector<sample> samples;
  double log_evidence = 0.0;
  tally counts;
};

/// Collects the results of tasks in the order in which they were submitted.
inline population gather(const std::vector<torc::future<population>>& parts) {
  population all;
  for (const auto& part : parts) {
    const population& p = part.result();
    all.samples.insert(all.samples.end(), p.samples.begin(), p.samples.end());
    all.counts += p.counts;
  }
  return all;
}

/// Stage 0: samples of the prior, each drawn and evaluated by a task.
template <problem P>
population draw_priors(const P& p, const sampler_options& options) {
  std::vector<torc::future<population>> parts;
  parts.reserve(options.samples);
  for (std::size_t i = 0; i < options.samples; ++i) parts.push_back(torc::submit(draw_prior<P>, p, options.seed, i));
  torc::wait();
  return gather(parts);
}

/// The chains of one stage, each a task.
template <problem P>
population run_chains(const P& p, const sampler_options& options, const std::vector<sample>& samples,
                      const std::vector<double>& weights, std::uint64_t stage, double exponent) {
  generator random = torc::rng(options.seed, stage, 0, 0);  // steps of chains count from 1, so no chain has this stream
  const auto plans = plan_chains(draw_multinomial(weights, options.samples, random), options.longest_chain);
  chain_task task{.seed = options.seed,
                  .stage = stage,
                  .exponent = exponent,
                  .scale = options.proposal_scale,
                  .covariance_root = covariance_root(samples, weights),
                  .leader = {},
                  .steps = options.steps};
  std::vector<torc::future<population>> parts;
  parts.reserve(plans.size());
  for (const chain_plan& plan : plans) {
    task.leader = samples[plan.leader];
    task.length = plan.length;
    parts.push_back(torc::submit(run_chain<P>, p, task));
    ++task.chain;
  }
  torc::wait();
  return gather(parts);
}

/// Transitional Markov chain Monte Carlo (Ching and Chen 2007, doi:10.1061/(ASCE)0733-9399(2007)133:7(816)). Call it
/// from a task; chains are its children. `observe` is called after each stage. The samples depend on problem and
/// options alone. Throws std::runtime_error if the model fails for too much of the prior.
template <problem P>
posterior sample_posterior(
    const P& p, const sampler_options& options,
    const std::function<void(const stage_report&)>& observe = [](const auto&) {}) {
  stage_clock clock;
  population current = draw_priors(p, options);
  posterior result;
  result.counts = current.counts;
  observe({.counts = current.counts, .cost = clock.lap()});

  double exponent = 0.0;
  for (std::uint64_t stage = 1; exponent < 1.0; ++stage) {
    const std::vector<double> log_likelihoods = log_likelihoods_of(current.samples);
    const double next = next_exponent(log_likelihoods, exponent, options.target_variation);
    const double variation = weight_variation(log_likelihoods, next - exponent);
    const importance_weights weights = make_weights(log_likelihoods, next - exponent);
    result.log_evidence += weights.log_mean;
    exponent = next;
    current = run_chains(p, options, current.samples, weights.normalised, stage, exponent);
    result.counts += current.counts;
    observe({stage, exponent, variation, result.log_evidence, current.counts, clock.lap()});
  }
  result.samples = std::move(current.samples);
  return result;
}

}  // namespace tmcmc
