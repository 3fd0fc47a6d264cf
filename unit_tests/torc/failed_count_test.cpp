// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <signal.h>

#include <ranges>
#include <stdexcept>
#include <string>
#include <torc/torc.hpp>

#include "unit_tests/torc/in_session.hpp"
#include "unit_tests/torc/stopping.hpp"

/// Which tasks count as failed where torc tells how far it is.
namespace {

using ::testing::HasSubstr;

/// What the line says that tells of a stop after `work`.
template <class Work>
std::string told_after(Work work) {
  tests::have_default_handlers();
  testing::internal::CaptureStderr();
  tests::session_status({.workers = 2, .primary = torc::primary_place::thread}, [&] {
    work();
    tests::stop_by(SIGINT);
  });
  return testing::internal::GetCapturedStderr();
}

int fail_some(int i) {
  if (i % 4 < 2) throw std::runtime_error("no");
  return i;
}

TEST(failed_count, has_a_task_once_whose_elements_fail_and_are_given_as_values) {
  // Of six tasks three have two elements that fail.
  EXPECT_THAT(told_after([] {
                const auto all = torc::map({.chunksize = 2}, torc::as_expected, fail_some, std::views::iota(0, 12));
                EXPECT_EQ(all.size(), 12U);
              }),
              HasSubstr("6 of 6 tasks done, 0 running, 3 failed"));
}

TEST(failed_count, has_none_whose_elements_succeed_in_the_end) {
  EXPECT_THAT(told_after([] {
                int tries = 0;
                const auto body = torc::local([&](int i) {
                  if (++tries < 3) throw std::runtime_error("not yet");
                  return i;
                });
                EXPECT_TRUE(torc::map({.retries = 2}, torc::as_expected, body, std::views::iota(0, 1)).front());
              }),
              HasSubstr("1 of 1 task done, 0 running, 0 failed"));
}

TEST(failed_count, has_a_task_once_that_fails_in_two_ways) {
  EXPECT_THAT(told_after([] {
                const auto body = [](int i) {
                  tests::run_until_stopped(i);
                  throw std::runtime_error("too late");
                };
                const auto all = torc::map({.timeout = 0.001}, torc::as_expected, body, std::views::iota(0, 1));
                EXPECT_FALSE(all.front());
                torc::wait();
              }),
              HasSubstr("1 of 1 task done, 0 running, 1 failed"));
}

TEST(failed_count, has_what_throws_to_its_future) {
  EXPECT_THAT(told_after([] {
                EXPECT_NE(torc::submit(fail_some, 0).exception(), nullptr);
                EXPECT_EQ(torc::submit(fail_some, 2).exception(), nullptr);
              }),
              HasSubstr("2 of 2 tasks done, 0 running, 1 failed"));
}

}  // namespace
