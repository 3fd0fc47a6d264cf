// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors
#include "core/sched/idle/steal_throttle.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdint>

namespace {

using torc::metrics::counters;
using torc::sched::steal_throttle;

constexpr std::uint64_t start_ns = 1'000'000;

/// Takes a task of that length, which ends now, from one who has submitted another meanwhile.
void take(steal_throttle& r, counters& other, std::uint64_t length_ns, std::uint64_t now_ns) {
  other.created.add();
  r.has_run(other, now_ns - length_ns, now_ns);
}

/// How long the pause is while the other goes on submitting; looks every 100 ns.
std::uint64_t pause_ns(steal_throttle& r, counters& other, std::uint64_t begin_ns) {
  std::uint64_t now_ns = begin_ns;
  while (r.is_pausing() && !r.ends(now_ns)) {
    other.created.add();
    now_ns += 100;
  }
  return now_ns - begin_ns;
}

TEST(steal_throttle, does_not_pause_at_first_nor_after_a_long_task) {
  steal_throttle r;
  counters other;
  EXPECT_FALSE(r.is_pausing());
  take(r, other, steal_throttle::brief_ns + 1, start_ns);
  EXPECT_FALSE(r.is_pausing());
}

TEST(steal_throttle, pauses_longer_after_each_brief_task_up_to_a_limit) {
  steal_throttle r;
  counters other;
  std::uint64_t expected_ns = steal_throttle::shortest_pause_ns;
  for (int i = 0; i < 8; ++i) {
    take(r, other, 100, start_ns);
    EXPECT_EQ(pause_ns(r, other, start_ns), expected_ns);
    expected_ns = std::min(2 * expected_ns, steal_throttle::longest_pause_ns);
  }
}

TEST(steal_throttle, is_settled_once_the_other_has_been_seen_to_go_on) {
  steal_throttle r;
  counters other;
  for (int i = 0; i < 2; ++i) {
    take(r, other, 100, start_ns);
    EXPECT_FALSE(r.is_settled());
    EXPECT_FALSE(r.ends(start_ns + 1));
    EXPECT_FALSE(r.is_settled());
    other.created.add();
    if (i == 0) {
      EXPECT_TRUE(r.ends(start_ns + steal_throttle::glance_ns)) << "the first pause is no longer than that";
      EXPECT_FALSE(r.is_settled());
    } else {
      EXPECT_FALSE(r.ends(start_ns + steal_throttle::glance_ns));
      EXPECT_TRUE(r.is_settled());
    }
  }
}

TEST(steal_throttle, begins_anew_after_a_long_task) {
  steal_throttle r;
  counters other;
  for (int i = 0; i < 3; ++i) {
    take(r, other, 100, start_ns);
    pause_ns(r, other, start_ns);
  }
  take(r, other, steal_throttle::brief_ns + 1, start_ns);
  EXPECT_FALSE(r.is_pausing());
  take(r, other, 100, start_ns);
  EXPECT_EQ(pause_ns(r, other, start_ns), steal_throttle::shortest_pause_ns);
}

TEST(steal_throttle, ends_its_pause_when_the_other_is_held_by_a_body) {
  steal_throttle r;
  counters other;
  for (int i = 0; i < 4; ++i) {
    take(r, other, 100, start_ns);
    pause_ns(r, other, start_ns);
  }
  take(r, other, 100, start_ns);
  EXPECT_FALSE(r.ends(start_ns + steal_throttle::glance_ns - 1));
  EXPECT_TRUE(r.ends(start_ns + steal_throttle::glance_ns));
  EXPECT_FALSE(r.is_pausing());
  // Nor does it begin one as long as the other stays there.
  r.has_run(other, start_ns, start_ns + 100);
  EXPECT_FALSE(r.is_pausing());
  take(r, other, 100, start_ns);
  EXPECT_TRUE(r.is_pausing());
}

TEST(steal_throttle, pauses_though_the_other_had_no_time_to_advance_between_two_tasks) {
  steal_throttle r;
  counters other;
  take(r, other, 100, start_ns);
  pause_ns(r, other, start_ns);
  take(r, other, steal_throttle::brief_ns + 1, start_ns);
  r.has_run(other, start_ns, start_ns + 100);
  EXPECT_TRUE(r.is_pausing());
}

TEST(steal_throttle, pauses_at_once_for_another_worker) {
  steal_throttle r;
  counters first;
  counters second;
  take(r, first, 100, start_ns);
  EXPECT_EQ(pause_ns(r, first, start_ns), steal_throttle::shortest_pause_ns);
  r.has_run(second, start_ns, start_ns + 100);
  EXPECT_TRUE(r.is_pausing());
}

}  // namespace
