// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors
#include "core/sched/mpsc_queue.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <thread>
#include <vector>

namespace {

struct link {
  std::atomic<link*> next{nullptr};
  int producer = 0;
  int number = 0;
};
using queue = torc::sched::mpsc_queue<link>;

TEST(mpsc_queue, is_first_in_first_out) {
  queue q;
  EXPECT_FALSE(q.has_items());
  EXPECT_EQ(q.pop(), nullptr);
  std::vector<link> items(5);
  for (link& i : items) q.push(i);
  EXPECT_TRUE(q.has_items());
  for (link& i : items) EXPECT_EQ(q.pop(), &i);
  EXPECT_FALSE(q.has_items());
  EXPECT_EQ(q.pop(), nullptr);
}

TEST(mpsc_queue, takes_an_item_again_after_each_pop) {
  queue q;
  link one;
  link two;
  for (int i = 0; i < 100; ++i) {
    q.push(one);
    if (i % 3 == 0) q.push(two);
    EXPECT_EQ(q.pop(), &one);
    if (i % 3 == 0) {
      EXPECT_EQ(q.pop(), &two);
    }
    EXPECT_EQ(q.pop(), nullptr);
  }
}

TEST(mpsc_queue, keeps_the_order_of_each_of_several_producers) {
  constexpr int producers = 3;
  constexpr int each = 20'000;
  queue q;
  std::vector<std::vector<link>> items;
  for (int p = 0; p < producers; ++p) items.emplace_back(each);
  std::vector<std::thread> threads;
  for (int p = 0; p < producers; ++p) {
    threads.emplace_back([&, p] {
      for (int n = 0; n < each; ++n) {
        link& i = items[static_cast<std::size_t>(p)][static_cast<std::size_t>(n)];
        i.producer = p;
        i.number = n;
        q.push(i);
      }
    });
  }
  std::vector<int> seen(producers, 0);
  for (int popped = 0; popped < producers * each;) {
    link* const i = q.pop();
    if (i == nullptr) {
      std::this_thread::yield();
      continue;
    }
    ASSERT_EQ(i->number, seen[static_cast<std::size_t>(i->producer)]++);
    i->next.store(nullptr, std::memory_order_relaxed);
    i->number = -1;  // it is the consumer's from now on: nobody else touches it
    ++popped;
  }
  for (std::thread& t : threads) t.join();
  EXPECT_FALSE(q.has_items());
}

}  // namespace
