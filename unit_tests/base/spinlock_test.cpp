// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors
#include "core/base/spinlock.hpp"

#include <gtest/gtest.h>

#include <mutex>
#include <thread>
#include <vector>

namespace {

TEST(spinlock, keeps_others_out_until_it_is_unlocked) {
  torc::base::spinlock lock;
  EXPECT_TRUE(lock.try_lock());
  EXPECT_FALSE(lock.try_lock());
  lock.unlock();
  EXPECT_TRUE(lock.try_lock());
}

TEST(spinlock, makes_increments_of_several_threads_add_up) {
  torc::base::spinlock lock;
  long total = 0;  // not atomic: TSan sees whether the lock orders the increments
  constexpr long each = 20'000;
  std::vector<std::thread> threads;
  threads.reserve(4);
  for (int t = 0; t < 4; ++t) {
    threads.emplace_back([&] {
      for (long i = 0; i < each; ++i) {
        const std::scoped_lock hold(lock);
        ++total;
      }
    });
  }
  for (std::thread& t : threads) t.join();
  EXPECT_EQ(total, 4 * each);
}

}  // namespace
