// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors
#include "core/metrics/counters.hpp"

#include <gtest/gtest.h>

#include <array>

namespace {

using torc::metrics::counters;
using torc::metrics::totals;

TEST(counters, add_up_over_workers) {
  std::array<counters, 2> workers;
  workers[0].created.add(3);
  workers[0].begun.add(2);
  workers[0].executed.add();
  workers[0].stolen.add(2);
  workers[1].created.add();
  workers[1].suspended.add(5);
  workers[1].idle_ns.add(1'000);
  totals sum;
  for (const counters& w : workers) sum += w.read();
  EXPECT_EQ(sum, (totals{.created = 4, .begun = 2, .executed = 1, .stolen = 2, .suspended = 5, .idle_ns = 1'000}));
}

TEST(counters, of_two_workers_share_no_cache_line) {
  static_assert(alignof(counters) == torc::base::cache_line_bytes);
  static_assert(sizeof(counters) % torc::base::cache_line_bytes == 0);
}

TEST(counters, begin_again_after_a_reset) {
  counters worker;
  worker.created.add(3);
  worker.idle_ns.add(7);
  worker.reset();
  EXPECT_EQ(worker.read(), totals{});
}

}  // namespace
