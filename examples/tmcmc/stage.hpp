// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors
#pragma once

#include <cstdint>
#include <torc/torc.hpp>
#include <vector>

#include "sample.hpp"

namespace tmcmc {

/// Time that a stage took, and the share of it for which the workers were busy.
struct stage_cost {
  double seconds = 0.0;
  double utilisation = 0.0;
};

/// What there is to say about a stage when it has ended. Stage 0 draws the prior.
struct stage_report {
  std::uint64_t stage = 0;
  double exponent = 0.0;
  double variation = 0.0;     ///< coefficient of variation of the weights that led here
  double log_evidence = 0.0;  ///< sum up to this stage
  tally counts;
  stage_cost cost;
};

/// Measures one stage after the other, on all nodes. Called from a task that is not below an spmd.
class stage_clock {
 public:
  /// The cost since construction or the last lap.
  stage_cost lap() {
    const std::vector<torc::statistics> now = stats_of_nodes();
    const stage_cost cost{now[0].elapsed_seconds - m_last[0].elapsed_seconds, utilisation(now)};
    m_last = now;
    return cost;
  }

 private:
  static std::vector<torc::statistics> stats_of_nodes() {
    return torc::spmd([] { return torc::stats(); });
  }
  /// Of all workers of all nodes.
  double utilisation(const std::vector<torc::statistics>& now) const {
    double busy = 0.0;
    double workers = 0.0;
    for (std::size_t node = 0; node < now.size(); ++node) {
      busy += now[node].workers * now[node].utilisation_since(m_last[node]);
      workers += now[node].workers;
    }
    return busy / workers;
  }

  std::vector<torc::statistics> m_last = stats_of_nodes();
};

inline std::vector<double> log_likelihoods_of(const std::vector<sample>& samples) {
  std::vector<double> values;
  values.reserve(samples.size());
  for (const sample& s : samples) values.push_back(s.log_likelihood);
  return values;
}

}  // namespace tmcmc
