// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors
#include "core/runtime/encoders.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <thread>

namespace {

using torc::runtime::encoders;

TEST(encoders, do_every_order_before_they_stop) {
  std::atomic<int> done{0};
  {
    encoders some;
    for (int i = 0; i < 100; ++i) some.order([&] { ++done; });
  }
  EXPECT_EQ(done, 100);
}

TEST(encoders, go_round_orders_that_wait_for_others) {
  std::atomic<int> begun{0};
  encoders some;
  constexpr int num_orders = 5;
  for (int i = 0; i < num_orders; ++i) {
    some.order([&] {
      ++begun;
      while (begun.load() < num_orders) std::this_thread::yield();
    });
  }
  while (some.is_behind()) {
    some.relieve();
    std::this_thread::yield();
  }
  some.stop();
  EXPECT_EQ(begun, num_orders);
}

}  // namespace
