// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors
#include <torc/future.hpp>

#include <gtest/gtest.h>

#include <atomic>
#include <functional>
#include <memory>
#include <stdexcept>
#include <string>
#include <thread>
#include <tuple>
#include <utility>
#include <vector>

#include "unit_tests/torc/in_session.hpp"

namespace {

using namespace std::chrono_literals;
using tests::counted;
using tests::message_of;
using tests::on_1_2_and_4_workers;
using tests::on_workers;
using tests::on_workers_with_main;
using tests::signal;

TEST(future, input_is_the_value_for_one_argument_and_else_a_tuple) {
  on_workers_with_main(1, [] {
    auto none = torc::submit([] {});
    auto one = torc::submit([](int x) { return x; }, 1);
    auto two =
        torc::submit([](int x, const std::string& s) { return s.size() + static_cast<std::size_t>(x); }, 2, "two");
    EXPECT_EQ(none.input(), std::tuple<>());
    EXPECT_EQ(one.input(), 1);
    EXPECT_EQ(two.input(), std::make_tuple(2, std::string("two")));
    torc::wait();
    EXPECT_EQ(two.input(), std::make_tuple(2, std::string("two")));
  });
}

TEST(future, input_stays_as_submitted_whatever_the_body_does) {
  on_workers(2, [] {
    auto f = torc::submit([](std::string s) { return std::move(s) + "!"; }, "text");
    EXPECT_EQ(f.result(), "text!");
    EXPECT_EQ(f.input(), "text");
  });
}

TEST(future, converts_to_the_future_of_its_result_alone) {
  on_workers_with_main(1, [] {
    torc::future<int(int)> full = torc::submit([](int x) { return x + 1; }, 1);
    torc::future<int> plain = full;
    EXPECT_EQ(plain, full);
    EXPECT_EQ(plain.result(), 2);
    std::vector<torc::future<int>> several{full, torc::submit([](int x, int y) { return x + y; }, 1, 2)};
    EXPECT_EQ(several[1].result(), 3);
  });
}

TEST(future, copies_share_one_result) {
  on_1_2_and_4_workers([] {
    auto f = torc::submit([] { return std::vector<int>{1, 2, 3}; });
    const auto copy = f;
    EXPECT_EQ(&f.result(), &copy.result());
    auto taken = std::move(f).result();
    EXPECT_EQ(taken.size(), 3U);
    EXPECT_EQ(copy.result().size(), 3U) << "another holder still needs the value";
  });
}

TEST(future, the_only_holder_of_a_future_moves_the_result_out) {
  on_workers_with_main(1, [] {
    auto f = torc::submit([] { return counted(3); });
    const counted* const inside = &f.result();
    torc::wait();
    const counted taken = std::move(f).result();
    EXPECT_EQ(taken.value, 3);
    EXPECT_EQ(inside->value, -1) << "moved, not copied";
  });
}

TEST(future, results_are_seen_by_tasks_that_got_the_future) {
  on_1_2_and_4_workers([] {
    auto first = torc::submit([] { return 20; });
    auto second = torc::submit(torc::local([first] { return first.result() + 1; }));
    EXPECT_EQ(second.result(), 21);
  });
}

TEST(future, done_and_running_tell_the_phases_of_a_task) {
  on_workers(2, [] {
    signal started;
    signal go_on;
    auto f = torc::submit({.worker = 1, .pinned = true}, torc::local([&] {
                            started.raise();
                            go_on.block();
                          }));
    auto queued = torc::submit({.worker = 1, .pinned = true}, torc::local([] {}));
    started.block();
    EXPECT_TRUE(f.running());
    EXPECT_FALSE(f.done());
    EXPECT_FALSE(queued.running());
    EXPECT_FALSE(queued.done());
    go_on.raise();
    f.result();
    EXPECT_FALSE(f.running());
    EXPECT_TRUE(f.done());
    EXPECT_FALSE(f.cancelled());
    queued.result();
    EXPECT_TRUE(queued.done());
  });
}

TEST(future, a_task_is_not_done_before_its_unwaited_descendants) {
  on_workers(2, [] {
    signal go_on;
    signal body_is_over;
    std::atomic<bool> grandchild_ended{false};
    auto f = torc::submit({.worker = 0, .pinned = true}, torc::local([&] {
                            torc::submit(torc::local([&] {
                              torc::submit({.worker = 1, .pinned = true}, torc::local([&] {
                                             body_is_over.block();
                                             go_on.block();
                                             grandchild_ended = true;
                                           }));
                            }));
                          }));
    // Pinned tasks of one worker run in their order.
    torc::submit({.worker = 0, .pinned = true}, torc::local([] {})).result();
    body_is_over.raise();
    EXPECT_FALSE(f.done());
    go_on.raise();
    f.result();
    EXPECT_TRUE(grandchild_ended);
  });
}

TEST(future, result_with_a_timeout_throws_and_the_task_goes_on) {
  on_workers(2, [] {
    signal go_on;
    auto f = torc::submit({.worker = 1, .pinned = true, .name = "slow one"}, torc::local([&] {
                            go_on.block();
                            return 5;
                          }));
    const std::string message = message_of<torc::timeout_error>([&] { f.result(1ms); });
    EXPECT_EQ(message, "task 'slow one' is not done after 0.001 s");
    EXPECT_EQ(message_of<torc::timeout_error>([&] { f.result(0s); }), "task 'slow one' is not done");
    EXPECT_THROW(f.exception(1ms), torc::timeout_error);
    EXPECT_FALSE(f.done());
    go_on.raise();
    EXPECT_EQ(f.result(1h), 5);
    EXPECT_EQ(f.result(0s), 5);
  });
}

TEST(future, a_thread_of_the_user_can_wait_with_a_timeout) {
  on_workers(2, [] {
    signal go_on;
    auto f = torc::submit({.worker = 1, .pinned = true}, torc::local([&] { go_on.block(); }));
    std::thread([&] {
      EXPECT_THROW(f.result(1ms), torc::timeout_error);
      go_on.raise();
      EXPECT_NO_THROW(f.result(1h));
    }).join();
  });
}

TEST(future, naming_a_task_that_is_running_does_not_race_with_it) {
  on_workers(2, [] {
    std::atomic<bool> has_started{false};
    std::atomic<bool> is_over{false};
    auto f = torc::submit(torc::local([&] {
      has_started.store(true, std::memory_order_relaxed);
      while (!is_over.load(std::memory_order_relaxed)) std::this_thread::yield();
      return torc::task_rng()();
    }));
    while (!has_started.load(std::memory_order_relaxed)) std::this_thread::yield();
    EXPECT_THROW(f.result(0.1ms), torc::timeout_error);
    is_over.store(true, std::memory_order_relaxed);
    f.result();
  });
}

TEST(future, the_exception_of_a_body_is_the_same_object_wherever_it_is_looked_at) {
  struct own_error : std::runtime_error {
    using std::runtime_error::runtime_error;
  };
  on_1_2_and_4_workers([] {
    auto f = torc::submit([] { throw own_error("mine"); });
    const own_error* first = nullptr;
    try {
      f.result();
    } catch (const own_error& e) {
      first = &e;
    }
    ASSERT_NE(first, nullptr);
    try {
      std::move(f).result();
      FAIL();
    } catch (const own_error& e) {
      EXPECT_EQ(&e, first);
      EXPECT_STREQ(e.what(), "mine");
    }
  });
}

TEST(future, exception_gives_the_failure_or_null) {
  on_1_2_and_4_workers([] {
    EXPECT_EQ(torc::submit([] { return 1; }).exception(), nullptr);
    auto f = torc::submit([]() -> int { throw 42; });
    const std::exception_ptr failure = f.exception();
    ASSERT_NE(failure, nullptr);
    EXPECT_THROW(std::rethrow_exception(failure), int);
  });
}

TEST(future, an_empty_future_says_what_was_asked_of_it) {
  torc::future<int(int)> empty;
  EXPECT_FALSE(empty.valid());
  for (const auto& [name, call] : std::vector<std::pair<std::string, std::function<void()>>>{
           {"result", [&] { empty.result(); }},
           {"exception", [&] { empty.exception(); }},
           {"done", [&] { static_cast<void>(empty.done()); }},
           {"running", [&] { static_cast<void>(empty.running()); }},
           {"cancel", [&] { empty.cancel(); }},
           {"cancelled", [&] { static_cast<void>(empty.cancelled()); }},
           {"input", [&] { static_cast<void>(empty.input()); }},
           {"add_done_callback", [&] { empty.add_done_callback([](const auto&) {}); }},
           {"then", [&] { empty.then([](int) {}); }},
           {"wait", [&] { torc::wait(std::vector{empty}); }},
           {"as_completed", [&] { torc::as_completed(std::vector{empty}); }},
           {"when_all", [&] { torc::when_all(empty); }},
       }) {
    const std::string message = message_of<torc::error>(call);
    EXPECT_EQ(message.find(name + ": the future is empty"), 0U) << name << ": " << message;
  }
  on_workers_with_main(1, [] {
    auto f = torc::submit([] { return 1; });
    auto moved = std::move(f);
    EXPECT_FALSE(f.valid());  // NOLINT(bugprone-use-after-move): that is the question
    EXPECT_TRUE(moved.valid());
    moved = moved;
    EXPECT_EQ(moved.result(), 1);
  });
}

TEST(future, a_future_outlives_its_session_with_its_value) {
  torc::future<int> kept;
  torc::future<int> failed;
  on_workers(2, [&] {
    kept = torc::submit([] { return 9; });
    failed = torc::submit([]() -> int { throw std::range_error("kept"); });
    EXPECT_NE(failed.exception(), nullptr);
  });
  EXPECT_TRUE(kept.done());
  EXPECT_EQ(kept.result(), 9);
  EXPECT_THROW(failed.result(), std::range_error);
  EXPECT_FALSE(kept.cancel());
  on_workers_with_main(1, [&] {
    EXPECT_EQ(kept.result(), 9);
    const std::string message = message_of<torc::error>([&] { torc::wait(std::vector{kept}); });
    EXPECT_NE(message.find("a session that has ended"), std::string::npos) << message;
    EXPECT_THROW(torc::as_completed(std::vector{kept}), torc::error);
  });
}

TEST(future, a_task_that_would_wait_for_itself_or_an_ancestor_is_told_so) {
  on_workers_with_main(1, [] {
    torc::future<int> self;
    self = torc::submit({.name = "narcissus"}, torc::local([&] {
                          const std::string own = message_of<torc::error>([&] { self.result(); });
                          EXPECT_EQ(own.find("task 'narcissus' waits for itself"), 0U) << own;
                          torc::submit({.name = "echo"}, torc::local([&] {
                                         const std::string message = message_of<torc::error>([&] { self.result(); });
                                         EXPECT_EQ(message.find("task 'echo' waits for its ancestor 'narcissus'"), 0U)
                                             << message;
                                       }));
                          return 1;
                        }));
    torc::wait();
  });
}

}  // namespace
