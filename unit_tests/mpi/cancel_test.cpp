// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors
#include <gtest/gtest.h>

#include <chrono>
#include <stdexcept>
#include <thread>
#include <torc/torc.hpp>
#include <vector>

#include "unit_tests/mpi/on_nodes.hpp"

/// Cancelling tasks that have been sent to another node, in whatever state they are there and at home.
namespace {

using tests::on_all_kinds_of_nodes;
using tests::on_nodes;

/// All ways to a queue of the last node.
std::vector<torc::task_options> ways_to_last() {
  const int last = torc::num_workers() - 1;
  return {{.worker = last},
          {.worker = last, .pinned = true},
          {.worker = last, .priority = 1.0},
          {.worker = last, .pinned = true, .priority = 1.0},
          {.worker = last, .cores = torc::num_local_workers()},
          {.worker = last, .timeout = std::chrono::hours(1)}};
}

constexpr std::chrono::seconds long_enough{30};

int same(int x) { return x; }

struct never_written {
  template <class Archive>
  void save(Archive&) const {
    throw std::length_error("too much to write");
  }
  template <class Archive>
  void load(Archive&) {}
};

TEST(cancel, leaves_what_else_is_queued_where_the_task_was) {
  on_all_kinds_of_nodes([] {
    for (const auto& there : ways_to_last()) {
      for (int round = 0; round < 50; ++round) {
        const auto first = torc::submit(there, same, 1);
        const auto unwanted = torc::submit(there, same, 2);
        const auto behind = torc::submit(there, same, 3);
        const bool is_cancelled = unwanted.cancel();
        ASSERT_EQ(first.result(long_enough), 1);
        ASSERT_EQ(behind.result(long_enough), 3);
        ASSERT_EQ(is_cancelled, unwanted.exception(long_enough) != nullptr);
      }
    }
  });
}

TEST(cancel, is_answered_whatever_state_the_task_is_in) {
  on_all_kinds_of_nodes([] {
    for (int round = 0; round < 100; ++round) {
      std::vector<torc::future<int(int)>> futures;
      const auto ways = ways_to_last();
      for (int i = 0; i < 100; ++i)
        futures.push_back(torc::submit(ways[static_cast<std::size_t>(i) % ways.size()], same, i));
      if (round % 2 == 0) torc::wait(futures, torc::first_completed);
      for (int i = 0; i < 100; ++i) {
        const auto& f = futures[static_cast<std::size_t>(i)];
        const bool is_cancelled = f.cancel();
        if (is_cancelled) {
          ASSERT_TRUE(f.done() && f.cancelled());
        } else {
          ASSERT_EQ(f.result(), i);
        }
        ASSERT_EQ(f.cancel(), is_cancelled) << "again says the same";
      }
    }
  });
}

TEST(cancel, is_answered_for_a_task_that_cannot_be_encoded) {
  on_all_kinds_of_nodes([] {
    for (int round = 0; round < 300; ++round) {
      const auto f = torc::submit(
          {.worker = torc::num_workers() - 1}, [](const never_written&) {}, never_written{});
      const bool is_cancelled = f.cancel();
      ASSERT_EQ(f.cancelled(), is_cancelled);
      f.exception();
    }
  });
}

TEST(cancel, gives_several_who_call_it_answers_that_agree) {
  on_all_kinds_of_nodes([] {
    for (int round = 0; round < 200; ++round) {
      const auto f = torc::submit({.worker = torc::num_workers() - 1}, same, round);
      bool is_done = true;
      const auto cancel = [&f](bool& is_right) {
        const bool is_cancelled = f.cancel();
        is_right = !is_cancelled || (f.done() && f.cancelled());
        return is_cancelled;
      };
      bool thread_is_right = false;
      bool task_is_right = false;
      bool thread_has = false;
      std::thread other([&] { thread_has = cancel(thread_is_right); });
      const auto task = torc::submit(torc::local([&] { return cancel(task_is_right); }));
      const bool main_has = cancel(is_done);
      const bool task_has = task.result();
      other.join();
      ASSERT_TRUE(is_done && thread_is_right && task_is_right);
      f.exception();
      ASSERT_EQ(f.cancelled(), main_has || task_has || thread_has);
    }
  });
}

TEST(cancel, of_a_task_that_waits_for_a_limit_gives_its_turn_away) {
  on_nodes({}, [] {
    torc::set_limit("licence", 1);
    const torc::task_options far{.worker = torc::num_workers() - 1, .limit = "licence"};
    const auto work = [](int i) { return i; };
    // Of several that are cancelled some are still in the limit's queue when their turn comes.
    for (int i = 0; i < 5; ++i) {
      const auto first = torc::submit(far, work, 1);
      const auto second = torc::submit(far, work, 2);
      second.cancel();
      EXPECT_EQ(first.result(), 1);
      EXPECT_EQ(torc::submit(far, work, 3).result(), 3);
    }
  });
}

TEST(cancel, of_an_ended_time_limit_says_no) {
  on_nodes({}, [] {
    const auto f = torc::submit({.worker = torc::num_workers() - 1, .timeout = std::chrono::milliseconds(10)}, [] {
      while (!torc::stop_requested()) std::this_thread::yield();
    });
    EXPECT_THROW(f.result(), torc::timeout_error);
    EXPECT_FALSE(f.cancel());
    EXPECT_FALSE(f.cancelled());
  });
}

}  // namespace
