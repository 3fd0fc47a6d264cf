// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors
#include "core/base/clock.hpp"

#include <gtest/gtest.h>

#include <limits>

namespace {

using namespace std::chrono_literals;
using torc::base::deadline_after;
using torc::base::time_point;

TEST(clock, does_not_go_back) {
  const std::uint64_t first = torc::base::now_ns();
  EXPECT_GE(torc::base::now_ns(), first);
  EXPECT_GT(first, 0U);
}

TEST(clock, a_deadline_is_that_long_after_its_start) {
  const time_point start{10s};
  EXPECT_EQ(deadline_after(start, 2500ms), start + 2500ms);
}

TEST(clock, a_deadline_too_far_for_the_clock_is_its_last_moment) {
  const time_point start = torc::base::now();
  using seconds = std::chrono::duration<double>;
  EXPECT_EQ(deadline_after(start, seconds::max()), time_point::max());
  EXPECT_EQ(deadline_after(start, seconds(std::numeric_limits<double>::infinity())), time_point::max());
  EXPECT_EQ(deadline_after(start, seconds(std::numeric_limits<double>::quiet_NaN())), time_point::max());
  EXPECT_EQ(deadline_after(start, seconds(1e18)), time_point::max());
}

TEST(clock, a_deadline_is_never_before_its_start) {
  const time_point start{10s};
  EXPECT_EQ(deadline_after(start, 0s), start);
  EXPECT_EQ(deadline_after(start, -5s), start);
  EXPECT_EQ(deadline_after(start, std::chrono::duration<double>(-std::numeric_limits<double>::infinity())), start);
}

}  // namespace
