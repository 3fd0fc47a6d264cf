// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors
#include "core/report/progress_line.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <string>

namespace {

using namespace std::chrono_literals;
using testing::EndsWith;
using testing::HasSubstr;

using torc::report::progress_line;
using torc::report::show_elapsed;
using torc::report::show_rate;
using torc::report::with_thousands;

TEST(progress_line, says_how_far_the_job_is) {
  progress_line line(0s, 0s);
  line.show(5s, {.created = 20'000, .begun = 2'502, .ended = 2'500});
  EXPECT_EQ(line.show(10s, {.created = 20'000, .begun = 5'002, .ended = 5'000, .failed = 1}),
            "10.0 s: 5,000 of 20,000 tasks done, 2 running, 14,998 queued, 1 failed, 500/s, about 30.0 s left");
}

TEST(progress_line, says_nothing_of_failures_rate_and_end_while_there_are_none) {
  progress_line line(0s, 0s);
  EXPECT_EQ(line.show(500ms, {.created = 1, .begun = 1}), "0.50 s: 0 of 1 task done, 1 running, 0 queued");
}

TEST(progress_line, what_has_begun_is_not_done) {
  progress_line line(0s, 0s);
  EXPECT_THAT(line.show(1s, {.created = 6, .begun = 6, .ended = 4}),
              HasSubstr("4 of 6 tasks done, 2 running, 0 queued"));
}

TEST(progress_line, what_a_map_will_submit_is_queued) {
  progress_line line(0s, 0s);
  EXPECT_EQ(line.show(1s, {.created = 14, .begun = 12, .ended = 10, .expected = 86}),
            "1.0 s: 10 of 100 tasks done, 2 running, 88 queued, 10/s, at least 9.0 s left");
}

TEST(progress_line, counts_of_different_moments_still_make_sense) {
  progress_line line(0s, 0s);
  EXPECT_THAT(line.show(1s, {.created = 5, .begun = 4, .ended = 6}),
              HasSubstr("6 of 6 tasks done, 0 running, 0 queued"));
}

TEST(progress_line, the_rate_is_that_of_the_last_minute) {
  progress_line line(0s, 0s);
  line.show(60s, {.created = 1'000, .begun = 600, .ended = 600});
  line.show(120s, {.created = 1'000, .begun = 700, .ended = 700});
  EXPECT_THAT(line.show(180s, {.created = 1'000, .begun = 730, .ended = 730}),
              EndsWith("30/min, about 9 min 00 s left"));
}

TEST(progress_line, nobody_knows_the_end_of_what_is_submitted_as_it_goes) {
  // A thousand tasks, some of which are always there before those before them have ended.
  for (const std::uint64_t ahead : {1U, 10U, 100U, 500U}) {
    progress_line line(0s, 0s);
    for (std::uint64_t second = 1; second * 10 + ahead <= 1'000; ++second) {
      const std::uint64_t ended = 10 * second;
      const std::string told =
          line.show(std::chrono::seconds(second), {.created = ended + ahead, .begun = ended + 1, .ended = ended});
      // Beside what has passed, a short time says nothing.
      ASSERT_THAT(told, HasSubstr(ahead < second ? "queued, 10/s" : ", 10/s, at least ")) << second;
      ASSERT_EQ(told.ends_with("10/s"), ahead < second) << told;
    }
  }
}

TEST(progress_line, knows_the_end_once_none_have_come_for_a_minute) {
  progress_line line(0s, 0s);
  const auto told_after = [&line](std::uint64_t second) {
    const std::uint64_t ended = 5 * second;
    const std::uint64_t created = 500 + 10 * std::min<std::uint64_t>(second, 100);
    return line.show(std::chrono::seconds(second), {.created = created, .begun = ended + 1, .ended = ended});
  };
  for (std::uint64_t second = 1; second <= 158; ++second) ASSERT_THAT(told_after(second), HasSubstr(", at least "));
  EXPECT_THAT(told_after(160), EndsWith("5.0/s, about 2 min 20 s left"));
}

TEST(progress_line, does_not_know_the_end_before_tasks_that_submit_others_have_ended) {
  // On two workers a map of a hundred, each of which maps three that take five seconds.
  progress_line line(0s, 0s);
  for (std::uint64_t second = 1; second < 700; ++second) {
    const std::uint64_t outer = second / 15;
    const std::uint64_t inner = second / 5;
    const std::string told = line.show(std::chrono::seconds(second), {.created = 2 * 4 * (outer + 1),
                                                                      .begun = 2 * (outer + inner + 2),
                                                                      .ended = 2 * (outer + inner),
                                                                      .expected = 100 - 2 * (outer + 1)});
    ASSERT_EQ(told.find("about"), std::string::npos) << told;
  }
}

TEST(progress_line, has_the_failed_among_the_done) {
  progress_line line(0s, 0s);
  // The timeout of two bodies has passed, and they still run.
  EXPECT_THAT(line.show(1s, {.created = 60, .begun = 10, .ended = 8, .failed = 10, .overdue = 2}),
              HasSubstr("8 of 60 tasks done, 2 running, 50 queued, 8 failed, 8.0/s"));
  // An element of a map has failed, and its task goes on with others.
  EXPECT_THAT(line.show(2s, {.created = 1, .begun = 1, .failed = 1}),
              EndsWith("0 of 1 task done, 1 running, 0 queued"));
}

TEST(progress_line, a_few_tasks_that_come_late_do_not_matter) {
  progress_line line(0s, 0s);
  line.show(1s, {.created = 1'000, .begun = 101, .ended = 100});
  EXPECT_THAT(line.show(2s, {.created = 1'005, .begun = 201, .ended = 200}), EndsWith("100/s, about 8.1 s left"));
  EXPECT_THAT(line.show(3s, {.created = 1'011, .begun = 301, .ended = 300}), EndsWith("100/s, at least 7.1 s left"));
}

TEST(progress_line, answers_are_of_the_time_of_the_question) {
  progress_line line(2s, {});
  line.asks(1.5s);
  line.answered({.created = 40, .begun = 16, .ended = 15});
  EXPECT_EQ(line.show(2s, *line.answer_for(2s)),
            "1.5 s: 15 of 40 tasks done, 1 running, 24 queued, 10/s, at least 2.5 s left");
}

TEST(progress_line, tasks_that_were_cancelled_are_done_but_tell_nothing_of_the_pace) {
  progress_line line(0s, 0s);
  line.show(1s, {.created = 1'000, .begun = 102, .ended = 100});
  EXPECT_EQ(line.show(2s, {.created = 1'000, .begun = 202, .ended = 200, .unbegun = 500}),
            "2.0 s: 700 of 1,000 tasks done, 2 running, 298 queued, 100/s, about 3.0 s left");
  EXPECT_THAT(line.show(3s, {.created = 1'000, .begun = 202, .ended = 200, .unbegun = 780}),
              EndsWith("about 0.30 s left"));
}

TEST(progress_line, leaves_out_what_there_are_no_columns_for) {
  const auto in = [](std::size_t columns) {
    progress_line line(0s, 0s);
    line.show(5s, {.created = 20'000, .begun = 2'502, .ended = 2'500});
    return line.show(10s, {.created = 20'000, .begun = 5'002, .ended = 5'000, .failed = 1}, columns);
  };
  EXPECT_EQ(in(96), "10.0 s: 5,000 of 20,000 tasks done, 2 running, 14,998 queued, 1 failed, 500/s, about 30.0 s left");
  EXPECT_EQ(in(95), "10.0 s: 5,000 of 20,000 tasks done, 2 running, 1 failed, 500/s, about 30.0 s left");
  EXPECT_EQ(in(80), "10.0 s: 5,000 of 20,000 done, 2 running, 1 failed, 500/s, about 30.0 s left");
  EXPECT_EQ(in(74), "10.0 s: 5,000 of 20,000 done, 2 running, 1 failed, about 30.0 s left");
  EXPECT_EQ(in(67), "10.0 s: 5,000 of 20,000 done, 1 failed, about 30.0 s left");
  EXPECT_EQ(in(1), "10.0 s: 5,000 of 20,000 done, 1 failed, about 30.0 s left");
}

TEST(progress_line, is_due_once_a_period) {
  progress_line line(30s, 30s);
  EXPECT_FALSE(line.is_due(28.5s));
  EXPECT_TRUE(line.is_due(30s));
  line.show(30.5s, {});
  EXPECT_FALSE(line.is_due(59.5s));
  EXPECT_TRUE(line.is_due(60s));
}

TEST(progress_line, asks_shortly_before_it_is_due_and_shows_the_last_answer) {
  progress_line line(30s, 30s);
  EXPECT_FALSE(line.asks(27s));
  EXPECT_TRUE(line.asks(28.5s));
  EXPECT_FALSE(line.asks(28.6s)) << "they are being asked";
  line.answered({.created = 1});
  EXPECT_EQ(line.answer_for(28.7s), std::nullopt);
  EXPECT_TRUE(line.asks(29s));
  line.answered({.created = 2});
  EXPECT_TRUE(line.asks(29.5s));
  const auto counts = line.answer_for(30s);
  ASSERT_TRUE(counts);
  EXPECT_EQ(counts->created, 2U);
  line.show(30s, *counts);
  line.answered({.created = 3});  // what they were asked at 29.5 s
  EXPECT_FALSE(line.asks(30s));
  EXPECT_EQ(line.answer_for(60s), std::nullopt) << "that is half a minute old";
  EXPECT_TRUE(line.asks(60s));
  line.answered({.created = 4});
  EXPECT_TRUE(line.answer_for(60.5s));
}

TEST(progress_line, shows_an_answer_once) {
  progress_line line(2s, {});
  EXPECT_TRUE(line.asks(1.9s));
  line.answered({.created = 1});
  const auto counts = line.answer_for(2.4s);
  ASSERT_TRUE(counts);
  line.show(2.4s, *counts);
  EXPECT_TRUE(line.asks(2.4s));
  EXPECT_EQ(line.answer_for(2.9s), std::nullopt) << "they have not answered yet";
  line.answered({.created = 2});
  EXPECT_TRUE(line.answer_for(3.4s)) << "late, but right";
}

TEST(progress_line, that_was_late_is_not_made_up_for) {
  progress_line line(30s, 30s);
  line.show(200s, {});
  EXPECT_FALSE(line.is_due(229s));
  EXPECT_TRUE(line.is_due(230s));
}

TEST(progress_line, shows_rates_in_a_unit_that_fits) {
  EXPECT_EQ(show_rate(123'456), "123,456/s");
  EXPECT_EQ(show_rate(9.96), "10/s");
  EXPECT_EQ(show_rate(2.5), "2.5/s");
  EXPECT_EQ(show_rate(0.2), "12/min");
  EXPECT_EQ(show_rate(0.001), "3.6/h");
}

TEST(progress_line, groups_digits_by_threes) {
  EXPECT_EQ(with_thousands(0), "0");
  EXPECT_EQ(with_thousands(999), "999");
  EXPECT_EQ(with_thousands(1'000), "1,000");
  EXPECT_EQ(with_thousands(123'456), "123,456");
  EXPECT_EQ(with_thousands(18'446'744'073'709'551'615U), "18,446,744,073,709,551,615");
}

TEST(progress_line, shows_times_as_people_read_them) {
  EXPECT_EQ(show_elapsed(0s), "0.00 s");
  EXPECT_EQ(show_elapsed(-1s), "0.00 s");
  EXPECT_EQ(show_elapsed(994ms), "0.99 s");
  EXPECT_EQ(show_elapsed(999ms), "1.0 s");
  EXPECT_EQ(show_elapsed(59.94s), "59.9 s");
  EXPECT_EQ(show_elapsed(59.96s), "1 min 00 s");
  EXPECT_EQ(show_elapsed(307s), "5 min 07 s");
  EXPECT_EQ(show_elapsed(3599.6s), "1 h 00 min");
  EXPECT_EQ(show_elapsed(2h + 5min + 30s), "2 h 05 min");
}

}  // namespace
