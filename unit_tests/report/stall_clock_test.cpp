// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors
#include "core/report/stall_clock.hpp"

#include <gtest/gtest.h>

namespace {

using torc::base::time_point;
using torc::report::stall_clock;
using torc::sched::pulse;
using namespace std::chrono_literals;

pulse with(std::uint64_t num_begun, std::uint64_t bodies_hash) {
  return {.num_begun = num_begun, .bodies_hash = bodies_hash};
}

TEST(stall_clock, runs_while_nothing_begins_or_ends) {
  const time_point start{10s};
  stall_clock clock(start);
  clock.note(with(3, 7), start + 1s);
  clock.note(with(3, 7), start + 9s);
  EXPECT_EQ(clock.quiet(start + 9s), 8s);
}

TEST(stall_clock, begins_anew_with_each_body_that_begins_or_ends) {
  const time_point start{10s};
  stall_clock clock(start);
  clock.note(with(3, 7), start + 1s);
  clock.note(with(4, 7), start + 2s);
  EXPECT_EQ(clock.quiet(start + 2s), 0s);
  clock.note(with(4, 8), start + 5s);
  EXPECT_EQ(clock.quiet(start + 6s), 1s);
}

}  // namespace
