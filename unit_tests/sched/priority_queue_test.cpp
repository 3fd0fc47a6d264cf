// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors
#include "core/sched/priority_queue.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <limits>
#include <thread>
#include <vector>

#include "unit_tests/sched/bare_record.hpp"

namespace {

using tests::bare_record;
using torc::sched::priority_queue;

TEST(priority_queue, gives_the_greatest_first) {
  priority_queue q;
  std::vector<bare_record> tasks(5);
  EXPECT_EQ(q.pop(), nullptr);
  q.push(tasks[0], 1.0);
  q.push(tasks[1], -std::numeric_limits<double>::infinity());
  q.push(tasks[2], 1e300);
  q.push(tasks[3], -1.0);
  q.push(tasks[4], 2.0);
  EXPECT_TRUE(q.has_items());
  for (const std::size_t i : {2U, 4U, 0U, 3U, 1U}) EXPECT_EQ(q.pop(), &tasks[i]);
  EXPECT_FALSE(q.has_items());
  EXPECT_EQ(q.pop(), nullptr);
}

TEST(priority_queue, gives_equal_ones_in_the_order_of_their_arrival) {
  priority_queue q;
  std::vector<bare_record> tasks(100);
  for (std::size_t i = 0; i < tasks.size(); ++i) q.push(tasks[i], static_cast<double>(i % 2));
  for (std::size_t i = 1; i < tasks.size(); i += 2) EXPECT_EQ(q.pop(), &tasks[i]);
  for (std::size_t i = 0; i < tasks.size(); i += 2) EXPECT_EQ(q.pop(), &tasks[i]);
}

TEST(priority_queue, gives_each_task_to_one_of_several_consumers) {
  constexpr std::size_t count = 20'000;
  priority_queue q;
  std::vector<bare_record> tasks(count);
  std::atomic<std::size_t> popped{0};
  std::atomic<int> wrong{0};
  std::vector<std::thread> threads;
  threads.emplace_back([&] {
    for (std::size_t i = 0; i < count; ++i) {
      ++tasks[i].number;
      q.push(tasks[i], static_cast<double>(i % 7));
    }
  });
  for (int c = 0; c < 2; ++c) {
    threads.emplace_back([&] {
      while (popped < count) {
        auto* const t = static_cast<bare_record*>(q.pop());
        if (t == nullptr) {
          std::this_thread::yield();
          continue;
        }
        if (t->number++ != 1) ++wrong;
        ++popped;
      }
    });
  }
  for (std::thread& t : threads) t.join();
  EXPECT_EQ(wrong, 0);
  EXPECT_FALSE(q.has_items());
}

}  // namespace
