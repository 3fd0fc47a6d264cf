// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors
#include <torc/future.hpp>

#include <gtest/gtest.h>

#include <atomic>
#include <string>
#include <thread>
#include <vector>

#include "unit_tests/torc/in_session.hpp"

namespace {

using tests::message_of;
using tests::on_1_2_and_4_workers;
using tests::on_workers;
using tests::on_workers_with_main;
using tests::signal;

TEST(future_cancel, before_the_body_starts_it_succeeds) {
  on_workers_with_main(1, [] {
    bool ran = false;
    auto f = torc::submit({.name = "unwanted"}, torc::local([&] { ran = true; }));
    EXPECT_TRUE(f.cancel());
    EXPECT_TRUE(f.cancel()) << "again says the same";
    EXPECT_TRUE(f.cancelled());
    EXPECT_TRUE(f.done());
    EXPECT_FALSE(f.running());
    torc::wait();
    EXPECT_FALSE(ran);
    const std::string message = message_of<torc::cancelled_error>([&] { f.result(); });
    EXPECT_EQ(message, "task 'unwanted' was cancelled");
    EXPECT_NE(f.exception(), nullptr);
  });
}

TEST(future_cancel, after_the_body_has_started_it_fails) {
  on_workers(2, [] {
    signal started;
    signal go_on;
    auto f = torc::submit({.worker = 1, .pinned = true}, torc::local([&] {
                            started.raise();
                            go_on.block();
                            return 1;
                          }));
    started.block();
    EXPECT_FALSE(f.cancel());
    EXPECT_FALSE(f.cancelled());
    go_on.raise();
    EXPECT_EQ(f.result(), 1);
    EXPECT_FALSE(f.cancel()) << "it is over";
  });
}

TEST(future_cancel, a_cancelled_future_that_nobody_looks_at_is_no_failure) {
  on_workers_with_main(1, [] { EXPECT_TRUE(torc::submit([] {}).cancel()); });
}

TEST(future_cancel, every_kind_of_task_can_be_cancelled) {
  on_1_2_and_4_workers([] {
    torc::set_limit("one", 1);
    signal started;
    signal go_on;
    const bool has_helper = torc::num_workers() > 1;
    auto blocker = torc::submit({.worker = torc::num_workers() - 1, .pinned = true}, torc::local([&] {
                                  started.raise();
                                  go_on.block();
                                }));
    started.block();
    std::atomic<int> ran{0};
    const auto body = torc::local([&] { ++ran; });
    std::vector<torc::future<void>> futures{
        torc::submit({.worker = torc::num_workers() - 1, .pinned = true}, body),
        torc::submit({.worker = torc::num_workers() - 1, .pinned = true, .priority = 1.0}, body),
        blocker.then([&](const torc::future<void>&) { ++ran; }),
    };
    if (!has_helper) {  // else another worker may have begun them
      futures.push_back(torc::submit({.worker = 0}, body));
      futures.push_back(torc::submit({.priority = 2.0}, body));
      futures.push_back(torc::submit({.limit = "one"}, body));
      futures.push_back(torc::submit({.timeout = std::chrono::hours(1)}, body));
      futures.push_back(torc::submit(body));
    }
    for (auto& f : futures) EXPECT_TRUE(f.cancel());
    go_on.raise();
    torc::wait();
    EXPECT_EQ(ran, 0);
    for (auto& f : futures) EXPECT_TRUE(f.cancelled());
  });
}

TEST(future_cancel, callbacks_run_and_the_waiting_parent_goes_on) {
  on_workers_with_main(1, [] {
    std::atomic<int> called{0};
    torc::submit(torc::local([&] {
      auto f = torc::submit(torc::local([] { FAIL(); }));
      f.add_done_callback([&](const auto& done) {
        EXPECT_TRUE(done.cancelled());
        ++called;
      });
      EXPECT_TRUE(f.cancel());
      torc::wait();
      EXPECT_EQ(called, 1);
    })).result();
  });
}

TEST(future_cancel, it_wakes_who_waits_for_the_task) {
  on_workers(2, [] {
    signal started;
    signal go_on;
    torc::submit({.worker = 1, .pinned = true}, torc::local([&] {
                   started.raise();
                   go_on.block();
                 }));
    started.block();
    auto unwanted = torc::submit({.worker = 1, .pinned = true}, torc::local([] { FAIL(); }));
    auto waiting = torc::submit({.worker = 0, .pinned = true}, torc::local([&] {
                                  EXPECT_THROW(unwanted.result(), torc::cancelled_error);
                                  go_on.raise();
                                }));
    auto cancelling = torc::submit({.worker = 0, .pinned = true}, torc::local([&] { EXPECT_TRUE(unwanted.cancel()); }));
    torc::wait();
  });
}

TEST(future_cancel, a_cancelled_source_fails_its_continuation) {
  on_workers_with_main(1, [] {
    auto f = torc::submit([] { return 1; });
    auto g = f.then([](int x) { return x; });
    EXPECT_TRUE(f.cancel());
    EXPECT_THROW(g.result(), torc::cancelled_error);
  });
}

TEST(future_cancel, a_wait_for_a_list_counts_a_cancelled_task_as_ended) {
  on_workers_with_main(1, [] {
    std::vector<torc::future<void>> futures{torc::submit([] {}), torc::submit([] {})};
    futures[1].cancel();
    const auto [done, not_done] = torc::wait(futures, torc::first_completed);
    EXPECT_EQ(done.size(), 1U);
    EXPECT_EQ(torc::wait(futures).done.size(), 2U);
  });
}

// The entry of a cancelled task stays in a queue, or behind a source or a limit, after its parent is gone.
TEST(future_cancel, a_cancelled_continuation_may_outlive_its_parent) {
  on_workers(2, [] {
    signal go_on;
    auto source = torc::submit({.worker = 1, .pinned = true}, torc::local([&] { go_on.block(); }));
    torc::submit(torc::local([source] {
      EXPECT_TRUE(source.then([](const torc::future<void>&) { FAIL(); }).cancel());
    })).result();
    for (int i = 0; i < 100; ++i) torc::submit(torc::local([] { return 1; })).result();
    go_on.raise();
    torc::wait();
  });
}

TEST(future_cancel, a_cancelled_task_that_waits_for_a_limit_may_outlive_its_parent) {
  on_workers(2, [] {
    torc::set_limit("licence", 1);
    signal started;
    signal go_on;
    auto holder = torc::submit({.worker = 1, .pinned = true, .limit = "licence"}, torc::local([&] {
                                 started.raise();
                                 go_on.block();
                               }));
    started.block();
    for (int i = 0; i < 3; ++i) {
      torc::submit(torc::local([&] {
        auto behind = torc::submit(torc::local([] {}));
        std::vector<torc::future<void>> waiting;
        for (int j = 0; j < 3; ++j) waiting.push_back(torc::submit({.limit = "licence"}, torc::local([] { FAIL(); })));
        // Newest first: then those have been begun, have found the limit used up and stepped back.
        behind.result();
        for (auto& f : waiting) EXPECT_TRUE(f.cancel());
      })).result();
    }
    for (int i = 0; i < 100; ++i) torc::submit(torc::local([] { return 1; })).result();
    go_on.raise();
    torc::wait();
  });
}

TEST(future_cancel, racing_with_the_start_it_either_runs_or_is_cancelled) {
  on_workers(2, [] {
    for (int i = 0; i < 2000; ++i) {
      std::atomic<bool> ran{false};
      auto f = torc::submit({.worker = 1, .pinned = true}, torc::local([&] { ran = true; }));
      const bool cancelled = f.cancel();
      torc::wait();
      ASSERT_NE(cancelled, ran.load());
      ASSERT_EQ(cancelled, f.cancelled());
    }
  });
}

TEST(future_cancel, whoever_is_told_so_finds_the_future_done) {
  on_workers(2, [] {
    for (int i = 0; i < 500; ++i) {
      const auto f = torc::submit({.worker = 1, .pinned = true}, torc::local([] {}));
      const auto cancel = [&f] {
        const bool is_cancelled = f.cancel();
        EXPECT_TRUE(!is_cancelled || (f.done() && f.cancelled()));
        return is_cancelled;
      };
      bool thread_has = false;
      std::thread other([&] { thread_has = cancel(); });
      const bool main_has = cancel();
      other.join();
      torc::wait();
      ASSERT_EQ(f.cancelled(), thread_has || main_has);
    }
  });
}

}  // namespace
