// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors
#include "core/sched/queue/mpsc_queue.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <string_view>
#include <thread>
#include <vector>

#include "core/base/check.hpp"

namespace {

struct link {
  std::atomic<link*> next{this};
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

/// A check that fails throws within the scope.
class throwing_checks {
 public:
  struct broken {};
  throwing_checks() : m_before(torc::base::set_check_handler([](std::string_view) { throw broken{}; })) {}
  ~throwing_checks() { torc::base::set_check_handler(m_before); }

 private:
  torc::base::check_handler m_before;
};

TEST(mpsc_queue, refuses_an_item_that_is_in_a_queue) {
  const throwing_checks checks;
  queue q;
  queue other;
  link first;
  link last;
  q.push(first);
  q.push(last);
  for (link* const i : {&first, &last}) {
    EXPECT_THROW(q.push(*i), throwing_checks::broken);
    EXPECT_THROW(other.push(*i), throwing_checks::broken);
  }
  EXPECT_EQ(q.pop(), &first);
  other.push(first);
  EXPECT_EQ(q.pop(), &last);
  EXPECT_EQ(other.pop(), &first);
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
    i->number = -1;  // it is the consumer's from now on: nobody else touches it
    ++popped;
  }
  for (std::thread& t : threads) t.join();
  EXPECT_FALSE(q.has_items());
}

}  // namespace
