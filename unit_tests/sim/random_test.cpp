// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <cstdint>
#include <cstdlib>
#include <optional>
#include <string>

#include "unit_tests/sim/random_job.hpp"

/// Jobs that follow from a seed. SIM_SEEDS: how many; SIM_SEED: just this one; SIM_TRACE=1: prints its messages.
namespace {

constexpr std::uint64_t num_parts = 8;

std::optional<std::uint64_t> number_in(const char* variable) {
  const char* const text = std::getenv(variable);
  if (text == nullptr || *text == '\0') return std::nullopt;
  return std::strtoull(text, nullptr, 10);
}

class random_jobs : public testing::TestWithParam<std::uint64_t> {};

TEST_P(random_jobs, complete_each_task_exactly_once_and_end) {
  const std::uint64_t part = GetParam();
  const auto only = number_in("SIM_SEED");
  const std::uint64_t most = only ? *only + 1 : number_in("SIM_SEEDS").value_or(10'000);
  tests::seen sum;
  std::uint64_t num_runs = 0;
  int num_wrong = 0;
  for (std::uint64_t seed = part; seed < most && num_wrong < 3; seed += num_parts) {
    if (only && seed != *only) continue;
    ++num_runs;
    const std::string wrong = tests::run_seed(seed, number_in("SIM_TRACE").value_or(0) != 0, sum);
    if (wrong.empty()) continue;
    ++num_wrong;
    ADD_FAILURE() << "seed " << seed << ": " << wrong << "\nagain, with its messages: SIM_SEED=" << seed
                  << " SIM_TRACE=1 build/release/unit_tests/sim --gtest_filter='*exactly_once_and_end/" << part << "'";
  }
  fmt::print("{} jobs: {} tasks, {} in slots, {} with units, {} events, {} tasks cancelled, {} of them far away\n",
             num_runs, sum.tasks, sum.in_slots, sum.limited, sum.events, sum.cancelled, sum.cancelled_far);
  if (num_runs < 500 || num_wrong > 0) return;
  EXPECT_GT(sum.cancelled_far, num_runs / 100);
  EXPECT_GT(sum.in_slots, num_runs);
  EXPECT_GT(sum.limited, num_runs);
  for (std::size_t kind = 0; kind < sum.messages.size(); ++kind) {
    // Simulated bodies have no timeouts.
    if (static_cast<torc::protocol::message_kind>(kind) == torc::protocol::message_kind::expired) continue;
    EXPECT_GT(sum.messages.at(kind), num_runs / 100) << "of message kind " << kind;
  }
}

INSTANTIATE_TEST_SUITE_P(parts, random_jobs, testing::Range<std::uint64_t>(0, num_parts));

}  // namespace
