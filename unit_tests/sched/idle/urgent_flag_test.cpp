// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors
#include "core/sched/idle/urgent_flag.hpp"

#include <gtest/gtest.h>

#include <array>
#include <atomic>
#include <thread>
#include <vector>

namespace {

using torc::sched::urgent_flag;

TEST(urgent_flag, stays_up_until_it_is_lowered) {
  urgent_flag a;
  EXPECT_FALSE(a.is_raised());
  a.raise();
  a.raise();
  EXPECT_TRUE(a.is_raised());
  a.lower();
  EXPECT_FALSE(a.is_raised());
}

TEST(urgent_flag, overlooks_nothing_that_was_put_down_before_it_was_raised) {
  constexpr int producers = 2;
  constexpr int each = 20'000;
  urgent_flag a;
  std::array<std::atomic<int>, producers> put{};
  std::vector<std::thread> threads;
  for (std::atomic<int>& mine : put) {
    threads.emplace_back([&a, &mine] {
      for (int i = 1; i <= each; ++i) {
        mine.store(i, std::memory_order_relaxed);
        a.raise();
      }
    });
  }
  // The look after the last lowering must see what is last in each place: then no raise is missing for it.
  std::array<int, producers> seen{};
  const auto look = [&] {
    if (!a.is_raised()) return false;
    a.lower();
    for (std::size_t p = 0; p < producers; ++p) seen[p] = put[p].load(std::memory_order_relaxed);
    return true;
  };
  while (seen[0] != each || seen[1] != each) {
    if (!look()) std::this_thread::yield();  // hangs, and runs into its time limit, if a raise is lost
  }
  for (std::thread& t : threads) t.join();
  while (look()) continue;
  EXPECT_FALSE(a.is_raised());
}

}  // namespace
