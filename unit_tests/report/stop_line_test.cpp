// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <signal.h>

#include "core/report/stop_line.hpp"

namespace {

using testing::StartsWith;
using torc::base::time_point;
using torc::report::stop_line;

constexpr time_point now{};
constexpr torc::protocol::job_counts counts{.created = 1200, .begun = 15, .ended = 12, .failed = 1, .expected = 34};

TEST(stop_line, is_not_told_without_a_signal) {
  stop_line line;
  line.counted(counts);
  EXPECT_FALSE(line.take(now));
  EXPECT_FALSE(line.next());
}

TEST(stop_line, tells_how_far_all_are) {
  stop_line line;
  line.begin(SIGINT, now);
  EXPECT_FALSE(line.take(now)) << "they have not answered";
  line.counted(counts);
  const auto told = line.take(now);
  ASSERT_TRUE(told);
  EXPECT_THAT(*told, StartsWith("SIGINT: 12 of 1,234 tasks done, 3 running, 1 failed: "));
  EXPECT_FALSE(line.take(now)) << "a second time";
  line.begin(SIGTERM, now);
  EXPECT_FALSE(line.take(now + 2 * stop_line::patience)) << "of a second signal";
}

TEST(stop_line, counts_what_was_cancelled_as_done) {
  stop_line line;
  line.begin(SIGINT, now);
  line.counted({.created = 1000, .begun = 600, .ended = 600, .unbegun = 400});
  EXPECT_THAT(line.take(now).value_or(""), StartsWith("SIGINT: 1,000 of 1,000 tasks done, 0 running, 0 failed: "));
}

TEST(stop_line, says_when_there_was_nothing_left_to_stop) {
  EXPECT_EQ(stop_line::behind_end(SIGTERM),
            "SIGTERM: it came when all tasks had ended, so that nothing is left to stop");
}

TEST(stop_line, does_not_wait_for_ever) {
  stop_line line;
  line.begin(SIGTERM, now);
  ASSERT_TRUE(line.takes_effect(now + stop_line::shortest_notice));
  ASSERT_EQ(line.next(), now + stop_line::patience);
  const auto told = line.take(now + stop_line::patience);
  ASSERT_TRUE(told);
  EXPECT_THAT(*told, StartsWith("SIGTERM: not all nodes say how far they are: "));
  EXPECT_FALSE(line.next());
}

TEST(stop_line, is_told_before_the_stop_takes_effect) {
  stop_line line;
  line.begin(SIGINT, now);
  EXPECT_FALSE(line.takes_effect(now));
  line.counted(counts);
  EXPECT_FALSE(line.takes_effect(now)) << "it has not been told";
  EXPECT_TRUE(line.take(now));
  EXPECT_TRUE(line.takes_effect(now));
  EXPECT_FALSE(line.takes_effect(now + stop_line::patience)) << "a second time";
  EXPECT_FALSE(line.next());
}

TEST(stop_line, does_not_put_the_stop_off_for_a_node_that_does_not_answer) {
  stop_line line;
  line.begin(SIGINT, now);
  const time_point due = now + stop_line::shortest_notice;
  EXPECT_EQ(line.next(), due);
  EXPECT_FALSE(line.take(due));
  EXPECT_TRUE(line.takes_effect(due));
  line.counted(counts);
  EXPECT_TRUE(line.take(due)) << "late, but right";
  EXPECT_FALSE(line.takes_effect(due));
}

TEST(stop_line, is_told_by_the_first_node_for_which_the_others_wait) {
  stop_line line;
  line.begin(SIGINT, now, false);
  EXPECT_GT(stop_line::longest_notice, stop_line::shortest_notice);
  const time_point due = now + stop_line::longest_notice;
  EXPECT_EQ(line.next(), due);
  EXPECT_FALSE(line.takes_effect(now + stop_line::shortest_notice));
  EXPECT_TRUE(line.takes_effect(due));
  EXPECT_FALSE(line.take(due));
  EXPECT_FALSE(line.next());
}

TEST(stop_line, has_the_failed_among_the_done) {
  stop_line line;
  line.begin(SIGINT, now);
  line.counted({.created = 60, .begun = 10, .ended = 8, .failed = 10, .overdue = 2});
  EXPECT_THAT(line.take(now).value_or(""), StartsWith("SIGINT: 8 of 60 tasks done, 2 running, 8 failed: "));
}

TEST(stop_line, tells_counts_that_were_taken_while_tasks_went_on) {
  stop_line line;
  line.begin(SIGINT, now);
  line.counted({.created = 1, .begun = 1, .ended = 2});
  EXPECT_THAT(line.take(now).value_or(""), StartsWith("SIGINT: 2 of 2 tasks done, 0 running, 0 failed: "));
}

}  // namespace
