// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors
#include "core/sched/fifo_queue.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <thread>
#include <vector>

#include "unit_tests/sched/bare_record.hpp"

namespace {

using tests::bare_record;
using torc::sched::fifo_queue;

TEST(fifo_queue, is_first_in_first_out) {
  fifo_queue q;
  std::vector<bare_record> tasks(3);
  EXPECT_EQ(q.pop(), nullptr);
  for (bare_record& t : tasks) q.push(t);
  EXPECT_TRUE(q.has_items());
  for (bare_record& t : tasks) EXPECT_EQ(q.pop(), &t);
  EXPECT_FALSE(q.has_items());
}

TEST(fifo_queue, gives_each_task_to_one_of_several_consumers) {
  constexpr int producers = 2;
  constexpr std::size_t each = 20'000;
  fifo_queue q;
  std::vector<std::vector<bare_record>> tasks;
  for (int p = 0; p < producers; ++p) tasks.emplace_back(each);
  std::atomic<std::size_t> popped{0};
  std::atomic<int> wrong{0};
  std::vector<std::thread> threads;
  for (int p = 0; p < producers; ++p) {
    threads.emplace_back([&q, &mine = tasks[static_cast<std::size_t>(p)]] {
      for (bare_record& t : mine) {
        ++t.number;
        q.push(t);
      }
    });
  }
  for (int c = 0; c < 2; ++c) {
    threads.emplace_back([&] {
      while (popped < producers * each) {
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
