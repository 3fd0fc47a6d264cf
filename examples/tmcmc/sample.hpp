// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors
#pragma once

#include <cstdint>
#include <limits>
#include <string>
#include <vector>

#include "problem.hpp"

namespace tmcmc {

/// A point with the densities that decide its fate.
struct sample {
  parameters x;
  double log_prior = 0.0;
  double log_likelihood = -std::numeric_limits<double>::infinity();

  template <class Archive>
  void serialize(Archive& archive) {
    archive(x, log_prior, log_likelihood);
  }
};

/// What happened in a chain, a stage or a run.
struct tally {
  std::uint64_t proposals = 0;
  std::uint64_t accepted = 0;
  std::uint64_t evaluations = 0;  ///< model runs, failed ones included
  std::uint64_t failures = 0;
  std::string first_failure;  ///< why the first of the failed runs failed

  tally& operator+=(const tally& other) {
    if (failures == 0) first_failure = other.first_failure;
    proposals += other.proposals;
    accepted += other.accepted;
    evaluations += other.evaluations;
    failures += other.failures;
    return *this;
  }

  template <class Archive>
  void serialize(Archive& archive) {
    archive(proposals, accepted, evaluations, failures, first_failure);
  }
};

/// Samples in a fixed order, and what it took to get them.
struct population {
  std::vector<sample> samples;
  tally counts;

  template <class Archive>
  void serialize(Archive& archive) {
    archive(samples, counts);
  }
};

}  // namespace tmcmc
