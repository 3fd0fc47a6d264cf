// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors
#pragma once

#include <boost/random/uniform_01.hpp>
#include <cmath>
#include <cstdint>
#include <exception>
#include <limits>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "problem.hpp"
#include "proposal.hpp"
#include "sample.hpp"

namespace tmcmc {

/// All that a chain needs to know, besides the problem.
struct chain_task {
  std::uint64_t seed = 0;
  std::uint64_t stage = 0;
  std::uint64_t chain = 0;  ///< position among the stage's chains
  double exponent = 1.0;    ///< of the likelihood in the stage's distribution
  double scale = 0.2;       ///< of the proposal, relative to the covariance
  std::vector<double> covariance_root;
  sample leader;
  std::uint64_t length = 1;  ///< samples to give
  std::uint64_t steps = 1;   ///< Metropolis steps between two of them

  template <class Archive>
  void serialize(Archive& archive) {
    archive(seed, stage, chain, exponent, scale, covariance_root, leader, length, steps);
  }
};

/// Runs the model. A failed run has likelihood 0 and is counted.
template <problem P>
double evaluate(const P& p, const parameters& x, tally& counts) {
  ++counts.evaluations;
  std::string reason = "the model gave no finite value";
  try {
    const std::optional<double> value = p.log_likelihood(x);
    if (value && *value < std::numeric_limits<double>::infinity()) return *value;
  } catch (const std::exception& error) {
    reason = error.what();
  }
  if (counts.failures++ == 0) counts.first_failure = std::move(reason);
  return -std::numeric_limits<double>::infinity();
}

/// Task: one draw from the prior.
template <problem P>
population draw_prior(const P& p, std::uint64_t seed, std::uint64_t index) {
  generator random = torc::rng(seed, 0, index, 0);
  population result;
  sample s;
  s.x = p.sample_prior(random);
  s.log_prior = p.log_prior(s.x);
  s.log_likelihood = evaluate(p, s.x, result.counts);
  result.samples.push_back(std::move(s));
  return result;
}

/// Task: a Metropolis chain on prior * likelihood^exponent.
template <problem P>
population run_chain(const P& p, const chain_task& task) {
  population result;
  sample current = task.leader;
  for (std::uint64_t step = 1; step <= task.length * task.steps; ++step) {
    generator random = torc::rng(task.seed, task.stage, task.chain, step);
    sample proposal;
    proposal.x = propose(current.x, task.covariance_root, task.scale, random);
    proposal.log_prior = p.log_prior(proposal.x);
    ++result.counts.proposals;
    if (std::isfinite(proposal.log_prior)) {
      proposal.log_likelihood = evaluate(p, proposal.x, result.counts);
      const double log_ratio =
          proposal.log_prior - current.log_prior + task.exponent * (proposal.log_likelihood - current.log_likelihood);
      if (boost::random::uniform_01<double>()(random) < std::exp(log_ratio)) {
        current = std::move(proposal);
        ++result.counts.accepted;
      }
    }
    if (step % task.steps == 0) result.samples.push_back(current);
  }
  return result;
}

}  // namespace tmcmc
