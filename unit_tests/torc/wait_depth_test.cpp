// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors
#include <gtest/gtest.h>

#include <atomic>
#include <cstdio>
#include <torc/wait.hpp>

#include "core/base/sanitizers.hpp"
#include "unit_tests/torc/in_session.hpp"

/// How deep tasks may nest.
namespace {

using tests::on_workers;
using tests::on_workers_with_main;

int depth_of(int levels) {
  if (levels == 0) return 0;
  auto below = torc::submit(depth_of, levels - 1);
  torc::wait();
  return below.result() + 1;
}

int depth_by_result(int levels) { return levels == 0 ? 0 : torc::submit(depth_by_result, levels - 1).result() + 1; }

int depth_on_other(int levels) {
  if (levels == 0) return 0;
  auto below = torc::submit({.worker = 1 - torc::worker_id(), .pinned = true}, depth_on_other, levels - 1);
  torc::wait();
  return below.result() + 1;
}

TEST(wait_depth, a_hundred_thousand_nested_waits_on_one_worker) {
  on_workers_with_main(1, [] { EXPECT_EQ(depth_of(100'000), 100'000); });
}

TEST(wait_depth, a_hundred_thousand_nested_results_on_one_and_two_workers) {
  for (const int workers : {1, 2}) {
    on_workers(workers, [] { EXPECT_EQ(torc::submit(depth_by_result, 100'000).result(), 100'000); });
  }
}

TEST(wait_depth, nested_waits_that_alternate_between_two_workers) {
  on_workers(2, [] { EXPECT_EQ(depth_on_other(2'000), 2'000); });
}

TEST(wait_depth, a_hundred_thousand_nested_waits_that_alternate_between_two_workers_above_4000_fibers) {
  // AddressSanitizer's shadow of so many stacks would take 16 GB.
  static constexpr int levels = torc::base::is_asan ? 10'000 : 100'000;
  if (levels != 100'000)
    std::printf("AddressSanitizer: %d levels, as its shadow of 100,000 stacks does not fit in memory\n", levels);
  on_workers(2, [] { EXPECT_EQ(depth_on_other(levels), levels); });
}

TEST(wait_depth, a_chain_of_a_hundred_thousand_tasks_that_do_not_wait_for_their_child) {
  static std::atomic<int> ran;
  struct chain {
    static void go_on(int left) {
      ++ran;
      if (left > 1) torc::submit(go_on, left - 1);
    }
  };
  for (const int workers : {1, 2, 4}) {
    ran = 0;
    on_workers(workers, [] {
      torc::submit(chain::go_on, 100'000).result();
      EXPECT_EQ(ran, 100'000);
    });
  }
}

}  // namespace
