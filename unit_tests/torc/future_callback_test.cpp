// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <fstream>
#include <iterator>
#include <memory>
#include <stdexcept>
#include <string>
#include <thread>
#include <torc/future.hpp>
#include <vector>

#include "unit_tests/torc/in_session.hpp"

/// add_done_callback and then.
namespace {

using tests::message_of;
using tests::on_1_2_and_4_workers;
using tests::on_workers;
using tests::on_workers_with_main;
using tests::session_status;
using tests::signal;

TEST(future_callback, takes_the_future_as_a_task_at_home_that_may_capture) {
  on_1_2_and_4_workers([] {
    std::atomic<int> sum{0};
    for (int i = 0; i < 20; ++i) {
      torc::submit([](int x) { return x; }, i).add_done_callback([&](const torc::future<int>& f) {
        EXPECT_TRUE(f.done());
        EXPECT_GE(torc::worker_id(), 0);
        sum += f.result();
      });
    }
    torc::wait();
    EXPECT_EQ(sum, 190);
  });
}

TEST(future_callback, counts_as_created_and_executed) {
  on_workers_with_main(1, [] {
    const auto before = torc::stats();
    auto f = torc::submit([] {});
    f.add_done_callback([](const auto&) {});
    f.then([](const torc::future<void>&) {});
    torc::wait();
    const auto after = torc::stats();
    EXPECT_EQ(after.created - before.created, 3U);
    EXPECT_EQ(after.executed - before.executed, 3U);
  });
}

TEST(future_callback, comes_before_tasks_that_have_not_begun) {
  on_workers_with_main(1, [] {
    std::string order;
    for (const char name : {'a', 'b', 'c'}) {
      auto f = torc::submit(torc::local([&order, name] { order += name; }));
      f.add_done_callback([&order](const auto&) { order += '.'; });
    }
    torc::wait();
    EXPECT_EQ(order, "a.b.c.");
  });
}

/// Its future ends at the timeout, its body only once its callback has been called, which main's thread can do alone.
void call_back_while_the_worker_is_held() {
  signal called;
  auto held = torc::submit({.timeout = 0.01}, torc::local([&called] { called.block(); }));
  held.add_done_callback([&called](const auto& f) {
    EXPECT_EQ(torc::worker_id(), 0);
    EXPECT_THROW(f.result(), torc::timeout_error);
    called.raise();
  });
  torc::wait();
}

TEST(future_callback, comes_while_a_body_holds_every_worker) {
  on_workers(1, [] {
    const auto before = torc::stats();
    call_back_while_the_worker_is_held();
    const auto after = torc::stats();
    EXPECT_EQ(after.created - before.created, 2U);
    EXPECT_EQ(after.executed - before.executed, 2U) << "the one that main's thread has run counts too";
  });
}

TEST(future_callback, stands_in_the_trace_where_main_s_thread_runs_it) {
  const std::string path = testing::TempDir() + "trace_of_a_callback.json";
  EXPECT_EQ(session_status({.workers = 1, .primary = torc::primary_place::thread, .stats = 0, .trace = path},
                           call_back_while_the_worker_is_held),
            0);
  std::ifstream file(path);
  const std::string text{std::istreambuf_iterator<char>(file), {}};
  EXPECT_THAT(text, testing::HasSubstr("the primary task's thread"));
  std::size_t bodies = 0;
  for (auto at = text.find("\"ph\":\"X\""); at != std::string::npos; at = text.find("\"ph\":\"X\"", at + 1)) ++bodies;
  EXPECT_EQ(bodies, 2U) << text;
}

TEST(future_callback, of_one_future_come_in_the_order_in_which_they_were_added) {
  on_workers_with_main(1, [] {
    std::string order;
    auto f = torc::submit([] {});
    for (const char name : {'a', 'b', 'c'}) f.add_done_callback([&order, name](const auto&) { order += name; });
    torc::wait();
    EXPECT_EQ(order, "abc");
  });
}

TEST(future_callback, comes_though_main_goes_on_before_it_has_begun) {
  on_workers(2, [] {
    for (int i = 0; i < 200; ++i) {
      signal called;
      auto f = torc::submit([] {});
      f.add_done_callback([&called](const auto&) { called.raise(); });
      f.result();
      called.block();  // by polling: this thread takes none meanwhile
    }
    torc::wait();
  });
}

TEST(future_callback, of_a_future_that_is_done_runs_too) {
  on_1_2_and_4_workers([] {
    auto f = torc::submit([] { return 1; });
    f.result();
    std::atomic<int> called{0};
    f.add_done_callback([&](const auto&) { ++called; });
    EXPECT_EQ(f.then([](int x) { return x + 1; }).result(), 2);
    torc::wait();
    EXPECT_EQ(called, 1);
  });
}

TEST(future_callback, may_itself_submit_and_wait) {
  on_1_2_and_4_workers([] {
    std::atomic<int> sum{0};
    torc::submit([] { return 1; }).add_done_callback([&](const auto& f) {
      auto g = torc::submit([](int x) { return x + 1; }, f.result());
      torc::wait();
      sum = g.result();
    });
    torc::wait();
    EXPECT_EQ(sum, 2);
  });
}

TEST(future_callback, is_covered_by_the_wait_of_the_task_that_added_it) {
  on_workers(2, [] {
    signal go_on;
    auto source = torc::submit({.worker = 1, .pinned = true}, torc::local([&] { go_on.block(); }));
    std::atomic<bool> called{false};
    torc::submit({.worker = 0, .pinned = true}, torc::local([&] {
                   source.add_done_callback([&](const auto&) { called = true; });
                   go_on.raise();
                   torc::wait();
                   EXPECT_TRUE(called);
                 }))
        .result();
  });
}

TEST(future_callback, can_be_added_by_a_thread_of_the_user_and_the_session_waits_for_it) {
  std::atomic<int> called{0};
  on_workers(2, [&] {
    auto f = torc::submit([] { return 1; });
    std::thread([&] { f.add_done_callback([&](const auto&) { ++called; }); }).join();
  });
  EXPECT_EQ(called, 1);
}

TEST(future_callback, may_be_move_only) {
  on_workers_with_main(1, [] {
    auto f = torc::submit([] { return 1; });
    auto g = f.then([p = std::make_unique<int>(4)](int x) { return *p + x; });
    EXPECT_EQ(g.result(), 5);
    std::atomic<int> seen{0};
    f.add_done_callback([p = std::make_unique<int>(6), &seen](const auto&) { seen = *p; });
    torc::wait();
    EXPECT_EQ(seen, 6);
  });
}

TEST(future_callback, that_throws_is_reported_at_shutdown) {
  ::testing::internal::CaptureStderr();
  const int status = session_status({.workers = 1}, [] {
    torc::submit([] {}).add_done_callback([](const auto&) { throw std::runtime_error("from a callback"); });
  });
  const std::string output = ::testing::internal::GetCapturedStderr();
  EXPECT_EQ(status, 1);
  EXPECT_NE(output.find("from a callback"), std::string::npos) << output;
}

TEST(future_then, passes_the_value_or_the_future) {
  on_1_2_and_4_workers([] {
    auto f = torc::submit([] { return 20; });
    EXPECT_EQ(f.then([](int x) { return x + 1; }).result(), 21);
    EXPECT_EQ(f.then([](const torc::future<int>& source) { return source.result() + 2; }).result(), 22);
    EXPECT_EQ(torc::submit([] {}).then([] { return 3; }).result(), 3);
    EXPECT_EQ(torc::submit([] {}).then([](const torc::future<void>&) { return 4; }).result(), 4);
  });
}

TEST(future_then, hands_a_failure_on_without_calling) {
  on_1_2_and_4_workers([] {
    std::atomic<int> called{0};
    auto f = torc::submit([]() -> int { throw std::domain_error("passed on"); });
    auto last = f.then([&](int x) { return ++called, x; }).then([&](int x) { return ++called, x; });
    EXPECT_EQ(message_of<std::domain_error>([&] { last.result(); }), "passed on");
    auto seen = f.then([](const torc::future<int>& source) { return source.exception() != nullptr; });
    EXPECT_TRUE(seen.result());
    EXPECT_EQ(called, 0);
  });
}

TEST(future_then, its_own_failure_goes_to_its_own_future) {
  on_workers_with_main(1, [] {
    auto f = torc::submit([] { return 1; });
    auto g = f.then([](int) -> int { throw std::range_error("own"); });
    EXPECT_THROW(g.result(), std::range_error);
    EXPECT_EQ(f.result(), 1);
  });
}

TEST(future_then, chains_of_any_length_work) {
  on_1_2_and_4_workers([] {
    torc::future<int> last = torc::submit([] { return 0; });
    for (int i = 0; i < 100'000; ++i) last = last.then([](int x) { return x + 1; });
    EXPECT_EQ(last.result(), 100'000);
  });
}

TEST(future_then, a_reference_that_it_hands_on_stays_valid) {
  on_workers_with_main(1, [] {
    auto f = torc::submit([] {
               return std::vector<int>{1, 2};
             }).then([](const std::vector<int>& v) -> const int& { return v[1]; });
    EXPECT_EQ(f.result(), 2);
  });
}

TEST(future_then, can_be_cancelled_while_it_waits_for_its_source) {
  on_workers(2, [] {
    signal go_on;
    auto source = torc::submit({.worker = 1, .pinned = true}, torc::local([&] {
                                 go_on.block();
                                 return 1;
                               }));
    auto g = source.then([](int) { ADD_FAILURE() << "was cancelled"; });
    EXPECT_TRUE(g.cancel());
    EXPECT_TRUE(g.cancelled());
    EXPECT_THROW(g.result(), torc::cancelled_error);
    go_on.raise();
    EXPECT_EQ(source.result(), 1);
  });
}

}  // namespace
