// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors
#include "core/sched/device/polling_pace.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdint>

namespace {

using torc::sched::polling_pace;

struct found {
  std::uint64_t late_ns = 0;
  int looks = 0;
  int sleeps = 0;
};

/// In a time of its own: something lasts so long, and a sleep longer than asked for by `overrun_ns`. A look takes 200
/// ns.
found wait_for(polling_pace& pace, std::uint64_t lasts_ns, std::uint64_t overrun_ns) {
  found seen;
  std::uint64_t now = 0;
  for (std::uint64_t unfinished = 0;; unfinished = now) {
    ++seen.looks;
    now += 200;
    if (now >= lasts_ns) {
      pace.ended(unfinished);
      seen.late_ns = now - lasts_ns;
      return seen;
    }
    const std::uint64_t asked = pace.sleep(pace.until_look(now));
    if (asked == 0) continue;
    ++seen.sleeps;
    now += asked + overrun_ns;
    pace.slept(asked, asked + overrun_ns);
  }
}

TEST(polling_pace, notices_an_end_late_by_an_eighth_at_most) {
  for (const std::uint64_t overrun : {0U, 4'000U, 60'000U}) {
    for (const std::uint64_t lasts : {300U, 5'000U, 40'000U, 333'000U, 1'000'000U, 3'000'000U}) {
      polling_pace pace;
      for (int i = 0; i < 50; ++i) wait_for(pace, 2'000'000, overrun);  // so that it knows what sleeps cost
      for (int i = 0; i < 100; ++i) wait_for(pace, lasts, overrun);
      const found seen = wait_for(pace, lasts, overrun);
      EXPECT_LE(seen.late_ns, lasts / 8 + 400) << lasts << " ns, sleeps longer by " << overrun;
    }
  }
}

TEST(polling_pace, is_never_late_by_more_than_half_a_millisecond) {
  polling_pace pace;
  for (int i = 0; i < 100; ++i) EXPECT_LE(wait_for(pace, 1'000'000'000, 0).late_ns, 500'200U);
  EXPECT_LE(wait_for(pace, 1'000, 0).late_ns, 500'200U) << "the first short one after long ones";
}

TEST(polling_pace, sleeps_through_most_of_what_lasts_as_long_as_others_have) {
  polling_pace pace;
  const found first = wait_for(pace, 1'000'000, 4'000);
  found last;
  for (int i = 0; i < 20; ++i) last = wait_for(pace, 1'000'000, 4'000);
  EXPECT_GT(first.looks, 20);
  EXPECT_LE(last.looks, 8);
  EXPECT_EQ(last.looks, last.sleeps + 1) << "it spins nowhere";
}

TEST(polling_pace, learns_soon_that_things_have_become_short) {
  polling_pace pace;
  for (int i = 0; i < 100; ++i) wait_for(pace, 10'000'000, 4'000);
  for (int i = 0; i < 30; ++i) wait_for(pace, 10'000, 4'000);
  EXPECT_LE(wait_for(pace, 10'000, 4'000).late_ns, 10'000U / 8 + 400);
}

TEST(polling_pace, forgets_a_short_one) {
  polling_pace pace;
  for (int i = 0; i < 100; ++i) wait_for(pace, 1'000'000, 4'000);
  wait_for(pace, 1'000, 4'000);
  const int disturbed = wait_for(pace, 1'000'000, 4'000).looks;
  int looks = disturbed;
  for (int i = 0; i < 200; ++i) looks = wait_for(pace, 1'000'000, 4'000).looks;
  EXPECT_GT(disturbed, 8);
  EXPECT_LE(looks, 8);
}

TEST(polling_pace, is_late_by_an_eighth_on_average_where_some_are_far_shorter) {
  for (const int every : {2, 4, 8, 16, 32}) {
    polling_pace pace;
    std::uint64_t late = 0;
    std::uint64_t lasted = 0;
    for (int i = 0; i < 1000; ++i) {
      const std::uint64_t lasts = i % every == 0 ? 50'000 : 700'000;
      late += wait_for(pace, lasts, 5'000).late_ns;
      lasted += lasts;
    }
    EXPECT_LE(late, lasted / 8) << "one of " << every;
  }
}

TEST(polling_pace, tries_again_to_sleep_after_some_bad_sleeps) {
  for (const std::uint64_t lasts : {60'000U, 200'000U, 1'000'000U}) {
    polling_pace pace;
    for (int i = 0; i < 20; ++i) wait_for(pace, lasts, 5'000);
    for (int i = 0; i < 20; ++i) pace.slept(50'000, 350'000);
    int sleeps = 0;
    for (int i = 0; i < 300; ++i) sleeps = wait_for(pace, lasts, 5'000).sleeps;
    EXPECT_GT(sleeps, 0) << lasts;
  }
}

TEST(polling_pace, learns_nothing_from_a_sleep_that_somebody_ended) {
  polling_pace pace;
  const std::uint64_t before = pace.sleep(100'000);
  for (int i = 0; i < 100; ++i) pace.slept(100'000, 10);
  EXPECT_EQ(pace.sleep(100'000), before);
}

TEST(polling_pace, does_not_sleep_where_that_would_be_late) {
  polling_pace pace;
  for (int i = 0; i < 100; ++i) pace.slept(50'000, 110'000);
  EXPECT_EQ(pace.sleep(60'000), 0U);
  EXPECT_GT(pace.sleep(100'000), 30'000U);
  EXPECT_LT(pace.sleep(100'000), 50'000U);
}

TEST(polling_pace, sleeps_even_where_sleeps_last_for_ever) {
  polling_pace pace;
  for (int i = 0; i < 1000; ++i) pace.slept(100'000, 1'000'000'000);
  EXPECT_GT(pace.sleep(pace.until_look(4'000'000)), 0U);
}

}  // namespace
