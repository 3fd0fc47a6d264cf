// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors
#include "core/sched/queue/deque.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <cstdint>
#include <memory>
#include <thread>
#include <vector>

namespace {

struct item {
  int written_by_owner = 0;  ///< not atomic: TSan sees whether the deque hands it over
  std::atomic<int> taken{0};
};
using deque = torc::sched::deque<item>;

TEST(deque, gives_its_owner_the_newest_and_thieves_the_oldest) {
  deque d;
  std::vector<item> items(4);
  EXPECT_EQ(d.pop(), nullptr);
  EXPECT_EQ(d.steal(), nullptr);
  EXPECT_FALSE(d.has_items());
  for (item& i : items) d.push(&i);
  EXPECT_TRUE(d.has_items());
  EXPECT_EQ(d.pop(), &items[3]);
  EXPECT_EQ(d.steal(), &items[0]);
  EXPECT_EQ(d.steal(), &items[1]);
  EXPECT_EQ(d.pop(), &items[2]);
  EXPECT_EQ(d.pop(), nullptr);
  EXPECT_EQ(d.steal(), nullptr);
  EXPECT_FALSE(d.has_items());
}

TEST(deque, shows_its_oldest_items_and_keeps_them) {
  deque d;
  std::vector<item> items(5);
  for (item& i : items) d.push(&i);
  d.steal();
  const auto seen = [&](std::size_t most) {
    std::vector<const item*> found;
    d.for_oldest(most, [&](const item& i) { found.push_back(&i); });
    return found;
  };
  EXPECT_EQ(seen(2), (std::vector<const item*>{&items[1], &items[2]}));
  EXPECT_EQ(seen(100), (std::vector<const item*>{&items[1], &items[2], &items[3], &items[4]}));
  EXPECT_EQ(d.size(), 4);
  while (d.pop() != nullptr) continue;
  EXPECT_TRUE(seen(100).empty());
}

/// Rings come and go, and what the one before held is of an earlier round.
TEST(deque, shows_nothing_but_its_items_while_it_changes) {
  deque d;
  constexpr std::size_t many = 10'000;
  std::vector<item> items(2 * many);
  std::vector<std::atomic<int>> queued_in(items.size());
  std::atomic<int> round{1};
  std::atomic<bool> is_over{false};
  std::thread shows([&] {
    while (!is_over) {
      const int since = round;
      d.for_oldest(2'000, [&](const item& i) {
        const auto at = static_cast<std::size_t>(&i - items.data());
        ASSERT_LT(at, items.size());
        EXPECT_GE(queued_in[at].load(), since);
      });
    }
  });
  for (; round <= 200; ++round) {
    const std::size_t first = round % 2 == 0 ? many : 0;
    const std::size_t count = round % 4 < 2 ? many : 3;
    for (std::size_t i = first; i < first + count; ++i) {
      queued_in[i] = round.load();
      d.push(&items[i]);
    }
    for (std::size_t i = 0; i < count / 10; ++i) d.steal();
    while (d.pop() != nullptr) continue;
    d.shrink();
  }
  is_over = true;
  shows.join();
}

TEST(deque, keeps_all_items_when_it_grows) {
  deque d;
  std::vector<item> items(10'000);
  for (std::size_t i = 0; i < 100; ++i) d.push(&items[i]);
  for (std::size_t i = 0; i < 90; ++i)
    ASSERT_EQ(d.steal(), &items[i]);  // so that it grows from the middle of its array
  for (std::size_t i = 100; i < items.size(); ++i) d.push(&items[i]);
  for (std::size_t i = 90; i < 5'000; ++i) ASSERT_EQ(d.steal(), &items[i]);
  for (std::size_t i = items.size(); i-- > 5'000;) ASSERT_EQ(d.pop(), &items[i]);
  EXPECT_EQ(d.pop(), nullptr);
}

TEST(deque, goes_back_to_a_small_ring_once_it_is_empty) {
  deque d;
  const std::int64_t small = 4096;
  std::vector<item> items(50'000);
  for (int round = 0; round < 3; ++round) {
    for (item& i : items) d.push(&i);
    EXPECT_GE(d.capacity(), 50'000);
    for (std::size_t i = items.size(); i-- > 1;) ASSERT_EQ(d.pop(), &items[i]);
    d.shrink();
    EXPECT_GE(d.capacity(), 50'000) << "with an item in it";
    // The last one goes to the owner, who shrinks it, or to a thief, after whom the owner has to be asked.
    if (round == 1) {
      ASSERT_EQ(d.steal(), &items[0]);
      d.shrink();
    } else {
      ASSERT_EQ(d.pop(), &items[0]);
    }
    EXPECT_LE(d.capacity(), small);
    if (round == 0) d.trim(torc::base::now());  // else the next round takes the large ring again
  }
  d.push(&items[0]);
  EXPECT_EQ(d.steal(), &items[0]);
}

TEST(deque, keeps_items_in_its_ring_as_it_grows_beyond_a_spare_one) {
  deque d;
  std::vector<item> items(40'000);
  for (std::size_t i = 0; i < 5'000; ++i) d.push(&items[i]);
  while (d.pop() != nullptr) continue;
  for (item& i : items) d.push(&i);
  for (std::size_t i = 0; i < 20'000; ++i) ASSERT_EQ(d.steal(), &items[i]);
  for (std::size_t i = items.size(); i-- > 20'000;) ASSERT_EQ(d.pop(), &items[i]);
  EXPECT_EQ(d.pop(), nullptr);
}

TEST(deque, turns_round_in_its_array_without_growing) {
  deque d;
  item one;
  item two;
  for (int i = 0; i < 10'000; ++i) {
    d.push(&one);
    d.push(&two);
    ASSERT_EQ(d.steal(), &one);
    ASSERT_EQ(d.pop(), &two);
  }
}

/// The owner pushes `burst` items, then pops `burst - left`, again and again, while others steal.
void expect_each_is_taken_once(std::size_t count, std::size_t burst, std::size_t left) {
  deque d;
  std::vector<item> items(count);
  std::atomic<std::size_t> taken{0};
  std::atomic<int> wrong{0};
  const auto take = [&](item& i) {
    if (i.written_by_owner != 1 || i.taken.fetch_add(1, std::memory_order_relaxed) != 0) ++wrong;
    ++taken;
  };
  std::vector<std::thread> thieves;
  for (int t = 0; t < 2; ++t) {
    thieves.emplace_back([&] {
      while (taken < count) {
        if (item* const i = d.steal(); i != nullptr) {
          take(*i);
        } else {
          std::this_thread::yield();
        }
      }
    });
  }
  std::atomic<bool> trimmer_is_over{false};
  std::thread trimmer([&] {
    while (!trimmer_is_over) {
      d.trim(torc::base::now());
      std::this_thread::yield();
    }
  });
  for (std::size_t at = 0; at < count;) {
    for (std::size_t i = 0; i < burst && at < count; ++i, ++at) {
      items[at].written_by_owner = 1;
      d.push(&items[at]);
    }
    for (std::size_t i = left; i < burst; ++i) {
      if (item* const newest = d.pop(); newest != nullptr) take(*newest);
    }
  }
  while (item* const newest = d.pop()) take(*newest);
  trimmer_is_over = true;
  trimmer.join();
  for (std::thread& t : thieves) t.join();
  EXPECT_EQ(wrong, 0);
  EXPECT_EQ(taken, count);
}

TEST(deque, gives_the_last_item_to_the_owner_or_to_a_thief) { expect_each_is_taken_once(100'000, 1, 0); }
TEST(deque, gives_each_item_once_while_it_grows) { expect_each_is_taken_once(100'000, 2'000, 500); }
TEST(deque, gives_each_item_once_while_it_grows_and_shrinks) { expect_each_is_taken_once(200'000, 10'000, 0); }
TEST(deque, gives_each_item_once_when_few_are_in_it) { expect_each_is_taken_once(100'000, 3, 0); }

}  // namespace
