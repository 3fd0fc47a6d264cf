// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors
#include "core/runtime/progress_line.hpp"

#include <gtest/gtest.h>

namespace {

using namespace std::chrono_literals;
using torc::runtime::progress_line;
using torc::runtime::show_elapsed;
using torc::runtime::with_thousands;

TEST(progress_line, says_how_far_the_session_is) {
  EXPECT_EQ(progress_line({.created = 20'000, .executed = 12'345, .running = 2, .elapsed = 3.2s, .workers = 2}),
            "torc: 12,345 of 20,000 tasks done, 2 running on 2 workers, 3.2 s");
}

TEST(progress_line, uses_the_singular) {
  EXPECT_EQ(progress_line({.created = 1, .executed = 0, .running = 1, .elapsed = 0.5s, .workers = 1}),
            "torc: 0 of 1 task done, 1 running on 1 worker, 0.50 s");
}

TEST(progress_line, never_shows_more_done_than_there_are) {
  EXPECT_EQ(progress_line({.created = 5, .executed = 6, .running = 0, .elapsed = 1s, .workers = 1}),
            "torc: 6 of 6 tasks done, 0 running on 1 worker, 1.0 s");
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
