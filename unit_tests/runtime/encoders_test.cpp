// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors
#include "core/runtime/encoders.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <thread>

#include "unit_tests/no_more_threads.hpp"

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

TEST(encoders, begin_each_thread_in_the_given_way) {
  thread_local bool has_begun = false;
  std::atomic<int> begun_orders{0};
  {
    encoders some([] { has_begun = true; });
    for (int i = 0; i < 10; ++i) some.order([&] { begun_orders += has_begun ? 1 : 0; });
  }
  EXPECT_EQ(begun_orders, 10);
}

#ifdef TORC_TESTS_HAVE_NO_MORE_THREADS
TEST(encoders, do_without_threads_what_they_can_where_there_are_none) {
  int done = 0;
  const auto work = [&] { ++done; };
  encoders some;
  {
    const tests::no_more_threads limit;
    EXPECT_FALSE(some.order(work));
    some.order(work);
    EXPECT_EQ(done, 0);
    while (some.is_behind()) some.relieve();
    EXPECT_EQ(done, 2);
    some.order(work);
    some.stop();
  }
  EXPECT_EQ(done, 3);
}

TEST(encoders, go_on_with_the_threads_that_they_have) {
  std::atomic<bool> is_open{false};
  std::atomic<int> begun{0};
  std::atomic<int> done{0};
  encoders some;
  const auto work = [&] {
    ++begun;
    while (!is_open) std::this_thread::yield();
    ++done;
  };
  some.order(work);
  while (begun == 0) std::this_thread::yield();
  {
    const tests::no_more_threads limit;
    some.order(work);
    const auto enough = torc::base::now() + 3 * encoders::patience;
    while (torc::base::now() < enough) some.relieve();
    EXPECT_EQ(begun, 1);
    is_open = true;
    some.stop();
  }
  EXPECT_EQ(done, 2);
}
#endif

}  // namespace
