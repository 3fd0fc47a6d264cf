// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors
#include "core/base/log.hpp"

#include <gtest/gtest.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <sstream>
#include <string>
#include <thread>
#include <vector>

#include "unit_tests/terminal.hpp"

namespace {

namespace logging = torc::base::log;

TEST(log, writes_a_line_with_the_prefix_to_standard_error) {
  testing::internal::CaptureStderr();
  logging::line("{} of {}", 1, "two");
  EXPECT_EQ(testing::internal::GetCapturedStderr(), "TORC: 1 of two\n");
}

TEST(log, a_status_that_has_ended_is_not_shown_again) {
  tests::terminal screen;
  logging::begin_status();
  logging::show_status("8 of 40");
  logging::line("first");
  logging::end_status();
  logging::show_status("9 of 40");
  logging::line("second");
  logging::clear_status();
  logging::line("third");
  EXPECT_EQ(screen.end(),
            "\r\033[KTORC: 8 of 40\r\033[KTORC: first\r\nTORC: 8 of 40\r\033[KTORC: second\r\n\r\033[KTORC: third\r\n");
}

TEST(log, a_status_begins_anew) {
  tests::terminal screen;
  logging::begin_status();
  logging::clear_status();
  logging::begin_status();
  logging::show_status("1 of 2");
  logging::clear_status();
  EXPECT_EQ(screen.end(), "\r\033[KTORC: 1 of 2\r\033[K");
}

TEST(log, flushing_brings_out_what_the_program_has_printed) {
  testing::internal::CaptureStdout();
  std::printf("before");
  const ::off_t before_bytes = ::lseek(STDOUT_FILENO, 0, SEEK_END);
  logging::flush_output();
  const ::off_t after_bytes = ::lseek(STDOUT_FILENO, 0, SEEK_END);
  EXPECT_EQ(testing::internal::GetCapturedStdout(), "before");
  EXPECT_EQ(before_bytes, 0);
  EXPECT_EQ(after_bytes, 6);
}

TEST(log, lines_of_several_threads_do_not_mix) {
  constexpr std::size_t threads = 4;
  constexpr std::size_t lines = 200;
  testing::internal::CaptureStderr();
  {
    std::vector<std::thread> writers;
    for (std::size_t t = 0; t < threads; ++t) {
      writers.emplace_back([t] {
        const std::string text(500, static_cast<char>('a' + t));
        for (std::size_t i = 0; i < lines; ++i) logging::write_error_line(text);
      });
    }
    for (std::thread& w : writers) w.join();
  }
  std::istringstream captured(testing::internal::GetCapturedStderr());
  std::vector<std::size_t> seen(threads);
  for (std::string line; std::getline(captured, line);) {
    ASSERT_EQ(line.size(), 506U);
    ASSERT_EQ(line.substr(0, 6), "TORC: ");
    ASSERT_EQ(line.find_first_not_of(line[6], 6), std::string::npos);
    ++seen.at(static_cast<std::size_t>(line[6] - 'a'));
  }
  EXPECT_EQ(seen, std::vector<std::size_t>(threads, lines));
}

}  // namespace
