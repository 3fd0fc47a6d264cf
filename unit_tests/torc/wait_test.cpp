// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors
#include <torc/wait.hpp>

#include <gtest/gtest.h>

#include <atomic>
#include <exception>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

#include "unit_tests/torc/in_session.hpp"

namespace {

using namespace std::chrono_literals;
using tests::in_session;
using tests::message_of;
using tests::on_1_2_and_4_workers;
using tests::on_workers;
using tests::on_workers_with_main;
using tests::signal;

const torc::task_options on_worker_1{.worker = 1, .pinned = true};

TEST(wait, covers_all_children_with_their_descendants) {
  on_1_2_and_4_workers([] {
    std::atomic<int> ended{0};
    for (int i = 0; i < 10; ++i) {
      torc::submit(torc::local([&] {
        for (int j = 0; j < 10; ++j) torc::submit(torc::local([&] { ++ended; }));
      }));
    }
    torc::wait();
    EXPECT_EQ(ended, 100);
  });
}

TEST(wait, covers_callbacks_and_continuations_and_what_they_submit) {
  on_1_2_and_4_workers([] {
    std::atomic<int> ended{0};
    for (int i = 0; i < 10; ++i) {
      auto f = torc::submit([] { return 1; });
      f.add_done_callback([&](const auto&) {
        ++ended;
        torc::submit(torc::local([&] { ++ended; }));
      });
      f.then([&](int) { ++ended; });
    }
    torc::wait();
    EXPECT_EQ(ended, 30);
  });
}

TEST(wait, waits_again_for_children_submitted_after_it) {
  on_1_2_and_4_workers([] {
    std::atomic<int> ended{0};
    for (int i = 1; i <= 20; ++i) {
      torc::submit(torc::local([&] { ++ended; }));
      torc::wait();
      EXPECT_EQ(ended, i);
    }
  });
}

TEST(wait, without_children_returns_at_once) {
  on_1_2_and_4_workers([] {
    torc::wait();
    torc::submit([] { torc::wait(); }).result();
  });
}

TEST(wait, covers_no_task_of_others) {
  on_workers(2, [] {
    signal go_on;
    torc::submit(on_worker_1, torc::local([&] { go_on.block(); }));
    torc::submit({.worker = 0, .pinned = true}, torc::local([&] {
                   torc::submit(torc::local([] {}));
                   torc::wait();
                   go_on.raise();
                 }));
    torc::wait();
  });
}

TEST(wait, does_not_throw_for_a_child_that_failed) {
  on_1_2_and_4_workers([] {
    auto f = torc::submit([]() -> int { throw std::runtime_error("later"); });
    EXPECT_NO_THROW(torc::wait());
    EXPECT_THROW(f.result(), std::runtime_error);
  });
}

TEST(wait, is_refused_where_no_task_runs) {
  EXPECT_EQ(message_of<torc::error>([] { torc::wait(); }).find("wait: no session is running"), 0U);
  on_workers_with_main(1, [] {
    std::thread([] {
      const std::string message = message_of<torc::error>([] { torc::wait(); });
      EXPECT_EQ(message, "wait: only a task can call it, and this thread runs none");
    }).join();
  });
}

TEST(wait, for_all_of_a_list_puts_each_in_done_in_input_order) {
  on_1_2_and_4_workers([] {
    std::vector<torc::future<int(int)>> futures;
    for (int i = 0; i < 20; ++i) futures.push_back(torc::submit([](int x) { return 10 * x; }, i));
    const auto [done, not_done] = torc::wait(futures);
    EXPECT_TRUE(not_done.empty());
    ASSERT_EQ(done.size(), 20U);
    for (int i = 0; i < 20; ++i) EXPECT_EQ(done[static_cast<std::size_t>(i)].input(), i);
  });
}

TEST(wait, for_an_empty_list_returns_at_once) {
  on_workers_with_main(1, [] {
    const std::vector<torc::future<int>> none;
    for (const auto when : {torc::all_completed, torc::first_completed, torc::first_exception}) {
      const auto [done, not_done] = torc::wait(none, when);
      EXPECT_TRUE(done.empty() && not_done.empty());
    }
  });
}

TEST(wait, for_a_list_may_name_a_future_twice) {
  on_1_2_and_4_workers([] {
    auto f = torc::submit([] { return 1; });
    EXPECT_EQ(torc::wait(std::vector{f, f}).done.size(), 2U);
    EXPECT_EQ(torc::wait(std::vector{f, f}, torc::first_completed).done.size(), 2U);
  });
}

TEST(wait, first_completed_returns_with_the_first) {
  on_workers(2, [] {
    signal go_on;
    auto slow = torc::submit(on_worker_1, torc::local([&] { go_on.block(); }));
    auto quick = torc::submit({.worker = 0, .pinned = true}, torc::local([] {}));
    const std::vector<torc::future<void>> futures{slow, quick};
    const auto [done, not_done] = torc::wait(futures, torc::first_completed);
    ASSERT_EQ(done.size(), 1U);
    ASSERT_EQ(not_done.size(), 1U);
    EXPECT_EQ(done[0], quick);
    EXPECT_EQ(not_done[0], slow);
    go_on.raise();
    EXPECT_EQ(torc::wait(futures).done.size(), 2U);
  });
}

TEST(wait, first_exception_returns_with_the_first_failure_or_cancellation) {
  on_workers(2, [] {
    signal started;
    signal go_on;
    auto slow = torc::submit(on_worker_1, torc::local([&] {
                               started.raise();
                               go_on.block();
                             }));
    started.block();
    auto good = torc::submit({.worker = 0, .pinned = true}, torc::local([] {}));
    auto bad = torc::submit({.worker = 0, .pinned = true}, torc::local([] { throw std::domain_error("bad"); }));
    const std::vector<torc::future<void>> failing{slow, good, bad};
    const auto [done, not_done] = torc::wait(failing, torc::first_exception);
    EXPECT_EQ(done.size(), 2U);
    ASSERT_EQ(not_done.size(), 1U);
    EXPECT_EQ(not_done[0], slow);
    EXPECT_THROW(bad.result(), std::domain_error);

    auto never = torc::submit(on_worker_1, torc::local([] { FAIL(); }));
    EXPECT_TRUE(never.cancel());
    EXPECT_EQ(torc::wait(std::vector<torc::future<void>>{slow, never}, torc::first_exception).not_done.size(), 1U);
    go_on.raise();
    torc::wait();
  });
}

TEST(wait, first_exception_without_one_waits_for_all) {
  on_1_2_and_4_workers([] {
    std::vector<torc::future<int>> futures;
    for (int i = 0; i < 20; ++i) futures.push_back(torc::submit([](int x) { return x; }, i));
    EXPECT_EQ(torc::wait(futures, torc::first_exception).done.size(), 20U);
  });
}

TEST(wait, for_a_list_with_a_timeout_returns_what_is_done) {
  on_workers(2, [] {
    signal go_on;
    auto slow = torc::submit(on_worker_1, torc::local([&] { go_on.block(); }));
    auto quick = torc::submit({.worker = 0, .pinned = true}, torc::local([] {}));
    quick.result();
    const std::vector<torc::future<void>> futures{slow, quick};
    for (const auto when : {torc::all_completed, torc::first_exception}) {
      const auto [done, not_done] = torc::wait(futures, 1ms, when);
      EXPECT_EQ(done.size(), 1U);
      EXPECT_EQ(not_done.size(), 1U);
    }
    EXPECT_EQ(torc::wait(std::vector{slow}, 1ms, torc::first_completed).not_done.size(), 1U);
    EXPECT_EQ(torc::wait(std::vector{slow}, 0s).not_done.size(), 1U);
    EXPECT_EQ(torc::wait(std::vector{slow}, -1s).not_done.size(), 1U);
    go_on.raise();
    EXPECT_EQ(torc::wait(futures, 1h).done.size(), 2U);
  });
}

TEST(wait, for_a_list_waits_only_for_what_is_listed) {
  on_workers(2, [] {
    torc::submit({.worker = 0, .pinned = true}, torc::local([] {
                   signal go_on;
                   auto other = torc::submit(on_worker_1, torc::local([&] { go_on.block(); }));
                   std::vector<torc::future<int>> listed;
                   for (int i = 0; i < 10; ++i)
                     listed.push_back(torc::submit(
                         {.worker = 0, .pinned = true}, [](int x) { return x; }, i));
                   EXPECT_EQ(torc::wait(listed).done.size(), 10U);
                   EXPECT_FALSE(other.done());
                   go_on.raise();
                   torc::wait();
                 }))
        .result();
  });
}

TEST(wait, for_a_list_can_be_called_by_a_thread_of_the_user) {
  on_workers(2, [] {
    signal go_on;
    auto slow = torc::submit(on_worker_1, torc::local([&] { go_on.block(); }));
    std::thread([&] {
      EXPECT_EQ(torc::wait(std::vector{slow}, 1ms).not_done.size(), 1U);
      go_on.raise();
      EXPECT_EQ(torc::wait(std::vector{slow}).done.size(), 1U);
    }).join();
  });
}

/// Waits inside a catch block for a child on the other worker, which does the same; a stranger throws on this worker
/// meanwhile.
void handle_and_wait(int depth, int worker) {
  const std::string text = "level " + std::to_string(depth);
  try {
    try {
      throw std::runtime_error(text);
    } catch (...) {
      const std::exception_ptr before = std::current_exception();
      if (depth > 0) torc::submit({.worker = 1 - worker, .pinned = true}, handle_and_wait, depth - 1, 1 - worker);
      torc::submit({.worker = worker, .pinned = true}, [] {
        try {
          throw std::logic_error("a stranger's");
        } catch (const std::logic_error&) {
          torc::submit([] {});
          torc::wait();
        }
        EXPECT_EQ(std::current_exception(), nullptr);
      });
      torc::wait();
      EXPECT_EQ(std::current_exception(), before);
      throw;
    }
  } catch (const std::runtime_error& e) {
    EXPECT_EQ(e.what(), text);
  }
  EXPECT_EQ(std::current_exception(), nullptr);
}

TEST(wait, an_exception_being_handled_survives_the_suspension) {
  on_workers(2, [] { torc::submit({.worker = 0, .pinned = true}, handle_and_wait, 50, 0).result(); });
}

TEST(wait, while_an_exception_unwinds_the_stack_a_destructor_may_wait) {
  on_workers(2, [] {
    struct waits_at_end {
      ~waits_at_end() {
        EXPECT_EQ(std::uncaught_exceptions(), 1);
        torc::submit(on_worker_1, [] { EXPECT_EQ(std::uncaught_exceptions(), 0); });
        torc::submit({.worker = 0, .pinned = true}, [] { EXPECT_EQ(std::uncaught_exceptions(), 0); });
        torc::wait();
        EXPECT_EQ(std::uncaught_exceptions(), 1);
      }
    };
    auto f = torc::submit({.worker = 0, .pinned = true}, [] {
      const waits_at_end guard;
      throw std::domain_error("passes");
    });
    EXPECT_THROW(f.result(), std::domain_error);
  });
}

/// Each call takes as long as the list is.
TEST(wait, for_the_first_of_many_in_a_loop_takes_far_fewer_calls_than_futures) {
  for (const auto primary : {torc::primary_place::worker, torc::primary_place::thread}) {
    in_session({.workers = 1, .primary = primary}, [] {
      std::vector<torc::future<int>> pending;
      for (int i = 0; i < 20'000; ++i) pending.push_back(torc::submit(tests::identity, i));
      long sum = 0;
      int calls = 0;
      while (!pending.empty()) {
        auto [done, not_done] = torc::wait(pending, torc::first_completed);
        ASSERT_FALSE(done.empty());
        for (const auto& f : done) sum += f.result();
        pending = std::move(not_done);
        ++calls;
      }
      EXPECT_EQ(sum, 19'999L * 20'000 / 2);
      EXPECT_LT(calls, 2'000);
    });
  }
}

TEST(wait, for_the_first_of_many_that_take_long_returns_with_it) {
  in_session({.workers = 2, .primary = torc::primary_place::thread}, [] {
    std::vector<torc::future<void>> futures;
    std::vector<signal> go(300);
    for (signal& one : go) futures.push_back(torc::submit(torc::local([&one] { one.block(); })));
    std::size_t ended = 0;
    while (ended < futures.size()) {
      go[ended].raise();  // of one that runs
      const auto left = std::vector(futures.begin() + static_cast<std::ptrdiff_t>(ended), futures.end());
      const auto [done, not_done] = torc::wait(left, torc::first_completed);
      EXPECT_EQ(done.size(), 1U);
      ++ended;
    }
  });
}

}  // namespace
