// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors
#include <torc/map.hpp>
#include <torc/submit.hpp>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <stdexcept>
#include <string>
#include <vector>

#include "unit_tests/torc/in_session.hpp"

/// What tasks are called that were given no name.
namespace {

using namespace std::chrono_literals;
using testing::AnyOf;
using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;
using tests::message_of;
using tests::on_workers;
using tests::on_workers_with_main;

void run_too_long(int) {
  while (!torc::stop_requested()) {
  }
}

/// What a task that ran too long is called.
template <class Submit>
std::string name_of_late_task(Submit submit) {
  std::string name;
  on_workers(1, [&] {
    const std::string message = message_of<torc::timeout_error>([&] { submit(); });
    torc::wait();
    const auto begin = message.find('\'');
    name = message.substr(begin + 1, message.rfind('\'') - begin - 1);
  });
  return name;
}

TEST(names, functions_are_named_though_the_program_exports_none) {
  const std::string name = "(anonymous namespace)::run_too_long(int)";
  EXPECT_EQ(name_of_late_task([] { torc::submit({.timeout = 1ms}, run_too_long, 1).result(); }), name);
  EXPECT_EQ(name_of_late_task([] { torc::submit({.timeout = 1ms}, torc::local(run_too_long), 1).result(); }), name);
  EXPECT_EQ(name_of_late_task([] { torc::map({.timeout = 1ms}, run_too_long, std::vector<int>{1}); }), name);
  EXPECT_EQ(name_of_late_task([] { torc::map({.timeout = 1ms}, torc::local(run_too_long), std::vector<int>{1}); }),
            name);
}

int half(int x) { return x / 2; }

TEST(names, what_follows_a_future_is_named_after_its_function_alone) {
  on_workers_with_main(1, [] {
    const auto source = torc::submit(half, 8);
    const auto name_of = [&](auto function) {
      const auto next = source.then(function);
      EXPECT_TRUE(next.cancel());
      return message_of<torc::cancelled_error>([&] { next.result(); });
    };
    EXPECT_EQ(name_of(half), "task '(anonymous namespace)::half(int)' was cancelled");
    for (const std::string& name : {name_of([](int x) { return x; }), name_of([](auto x) { return x; })}) {
      EXPECT_THAT(name, AnyOf(HasSubstr("<lambda("), StartsWith("task 'lambda at names_test.cpp:")));
      EXPECT_THAT(name, Not(HasSubstr("torc::"))) << "it stands in no function of torc";
    }
  });
}

TEST(names, what_stands_for_several_futures_is_named_after_what_it_is) {
  on_workers_with_main(1, [] {
    const auto source = torc::submit(half, 8);
    const auto name_of = [](const auto& all) {
      EXPECT_TRUE(all.cancel());
      return message_of<torc::cancelled_error>([&] { all.result(); });
    };
    EXPECT_EQ(name_of(torc::when_all(std::vector(12, source))), "task 'when_all of 12 futures' was cancelled");
    EXPECT_EQ(name_of(torc::when_all(source)), "task 'when_all of 1 future' was cancelled");
  });
}

TEST(names, callbacks_are_named_after_their_function_alone) {
  testing::internal::CaptureStderr();
  const int status = tests::session_status({.workers = 1}, [] {
    torc::submit(half, 8).add_done_callback([](const auto&) { throw std::runtime_error("no"); });
    torc::wait();
  });
  const std::string printed = testing::internal::GetCapturedStderr();
  EXPECT_EQ(status, 1);
  EXPECT_THAT(printed, HasSubstr("failed and nobody looked"));
  EXPECT_THAT(printed, Not(HasSubstr("queue_callback")));
  EXPECT_THAT(printed, Not(HasSubstr("torc::detail")));
}

TEST(names, elements_of_a_map_are_named_after_their_function_alone) {
  const auto body = [](int i, int) { run_too_long(i); };
  const std::vector<int> all{1};
  for (const std::string& name : {name_of_late_task([&] { torc::submit({.timeout = 1ms}, body, 1, 2).result(); }),
                                  name_of_late_task([&] { torc::map({.timeout = 1ms}, body, all, all); }),
                                  name_of_late_task([&] { torc::map({.timeout = 1ms}, body, all, torc::same(1)); })}) {
    EXPECT_THAT(name, AnyOf(HasSubstr("<lambda(int, int)>"), StartsWith("lambda at names_test.cpp:")));
    EXPECT_THAT(name, Not(HasSubstr("torc::detail")));
  }
}

}  // namespace
