// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors
#include "core/protocol/backlog.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdint>
#include <deque>

#include "backends/sim/random.hpp"

namespace {

using torc::protocol::backlog;
using torc::protocol::task_ref;
using torc::protocol::waiting_task;

waiting_task movable(std::uintptr_t number) { return {task_ref{number}, torc::protocol::message_flags::movable}; }
waiting_task pinned(std::uintptr_t number) { return {task_ref{number}, 0}; }

TEST(backlog, gives_tasks_in_the_order_in_which_they_came) {
  backlog tasks;
  EXPECT_TRUE(tasks.is_empty());
  tasks.push(movable(1));
  tasks.push(pinned(2));
  tasks.push(movable(3));
  EXPECT_EQ(tasks.size(), 3U);
  EXPECT_EQ(tasks.pop().task, task_ref{1});
  EXPECT_EQ(tasks.pop().task, task_ref{2});
  EXPECT_EQ(tasks.pop().task, task_ref{3});
  EXPECT_TRUE(tasks.is_empty());
}

TEST(backlog, gives_the_oldest_movable_one_and_keeps_the_order_of_the_others) {
  backlog tasks;
  tasks.push(pinned(1));
  tasks.push(movable(2));
  tasks.push(pinned(3));
  tasks.push(movable(4));
  EXPECT_EQ(tasks.pop_movable()->task, task_ref{2});
  EXPECT_EQ(tasks.pop().task, task_ref{1});
  EXPECT_EQ(tasks.pop().task, task_ref{3});
  EXPECT_EQ(tasks.pop_movable()->task, task_ref{4});
  EXPECT_FALSE(tasks.pop_movable());
}

TEST(backlog, gives_a_certain_one_and_keeps_the_order_of_the_others) {
  backlog tasks;
  for (std::uintptr_t i = 1; i <= 6; ++i) tasks.push(i % 2 == 0 ? movable(i) : pinned(i));
  EXPECT_EQ(tasks.take(task_ref{3})->task, task_ref{3});
  EXPECT_EQ(tasks.take(task_ref{2})->flags, torc::protocol::message_flags::movable);
  EXPECT_FALSE(tasks.take(task_ref{3}));
  EXPECT_FALSE(tasks.take(task_ref{7}));
  tasks.push(movable(7));
  EXPECT_EQ(tasks.find_if([](task_ref task) { return task >= task_ref{3}; }).size(), 4U);
  EXPECT_EQ(tasks.take(task_ref{7})->task, task_ref{7});
  for (const std::uintptr_t left : {1U, 4U, 5U, 6U}) EXPECT_EQ(tasks.pop().task, task_ref{left});
  EXPECT_TRUE(tasks.is_empty());
  EXPECT_FALSE(tasks.take(task_ref{6}));
}

TEST(backlog, behaves_like_a_plain_list) {
  backlog tasks;
  std::deque<waiting_task> expected;
  torc::sim::random rng(1);
  for (std::uintptr_t i = 0; i < 100'000; ++i) {
    const bool grows = i < 40'000;
    const auto what = rng.below(12);
    if (what >= 10) {
      const task_ref wanted = expected.empty() ? task_ref{i} : expected[rng.below(expected.size())].task;
      const auto at = std::find_if(expected.begin(), expected.end(),
                                   [wanted](const waiting_task& one) { return one.task == wanted; });
      const auto found = tasks.take(wanted);
      ASSERT_EQ(found.has_value(), at != expected.end());
      if (found) {
        ASSERT_EQ(found->flags, at->flags);
        expected.erase(at);
      }
    } else if (grows ? what < 7 : what < 3) {
      expected.push_back(rng.chance(0.5) ? movable(i) : pinned(i));
      tasks.push(expected.back());
    } else if (what < 9) {
      if (expected.empty()) continue;
      ASSERT_EQ(tasks.pop().task, expected.front().task);
      expected.pop_front();
    } else {
      auto oldest = expected.begin();
      while (oldest != expected.end() && oldest->flags == 0) ++oldest;
      const auto found = tasks.pop_movable();
      ASSERT_EQ(found.has_value(), oldest != expected.end());
      if (!found) continue;
      ASSERT_EQ(found->task, oldest->task);
      expected.erase(oldest);
    }
    ASSERT_EQ(tasks.size(), expected.size());
  }
}

}  // namespace
