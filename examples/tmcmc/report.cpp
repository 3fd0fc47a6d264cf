// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors
#include "report.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <cstdio>

namespace tmcmc {

namespace {

std::string share(std::uint64_t part, std::uint64_t whole) {
  return whole == 0 ? "-" : fmt::format("{:.1f} %", 100.0 * static_cast<double>(part) / static_cast<double>(whole));
}

}  // namespace

void print_stage(const stage_report& r) {
  if (r.stage == 0) {
    fmt::print("{:>5}  {:>10}  {:>10}  {:>9}  {:>11}  {:>7}  {:>9}  {:>12}\n", "stage", "exponent", "acceptance",
               "variation", "evaluations", "failed", "time", "workers busy");
  }
  fmt::print("{:>5}  {:>10.4g}  {:>10}  {:>9}  {:>11}  {:>7}  {:>7.3f} s  {:>10.1f} %\n", r.stage, r.exponent,
             share(r.counts.accepted, r.counts.proposals), r.stage == 0 ? "-" : fmt::format("{:.3f}", r.variation),
             r.counts.evaluations, r.counts.failures, r.cost.seconds, 100.0 * r.cost.utilisation);
  std::fflush(stdout);
}

void print_result(const posterior& result, const std::vector<marginal>& marginals) {
  fmt::print("\n{:<10}  {:>10}  {:>10}  {:>10}  {:>10}  {:>10}\n", "parameter", "mean", "sd", "5 %", "50 %", "95 %");
  for (const marginal& m : marginals) {
    fmt::print("{:<10}  {:>10.4g}  {:>10.3g}  {:>10.4g}  {:>10.4g}  {:>10.4g}\n", m.name, m.mean, m.deviation, m.low,
               m.median, m.high);
  }
  fmt::print("\nlog evidence = {:.3f}\n", result.log_evidence);
  if (result.counts.failures > 0) {
    fmt::print("{} of {} model runs failed and were taken as impossible; the first: {}\n", result.counts.failures,
               result.counts.evaluations, result.counts.first_failure);
  }
}

}  // namespace tmcmc
