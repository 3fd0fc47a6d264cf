// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors
#include "core/sched/queue/spmd_queue.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <thread>
#include <vector>

#include "unit_tests/sched/bare_record.hpp"

namespace {

using tests::bare_record;
using torc::sched::spmd_queue;

TEST(spmd_queue, runs_one_body_at_a_time_in_the_order_of_the_calls) {
  spmd_queue q;
  bare_record first;
  bare_record second;
  EXPECT_FALSE(q.is_pending());
  EXPECT_EQ(q.take(), nullptr);
  q.push(first);
  q.push(second);
  EXPECT_TRUE(q.is_pending());
  EXPECT_EQ(q.take(), &first);
  EXPECT_FALSE(q.is_pending()) << "the next has to wait";
  EXPECT_EQ(q.take(), nullptr);
  q.finished();
  EXPECT_TRUE(q.is_pending());
  EXPECT_EQ(q.take(), &second);
  q.finished();
  EXPECT_FALSE(q.is_pending());
}

TEST(spmd_queue, holds_back_what_comes_while_one_runs) {
  spmd_queue q;
  bare_record first;
  bare_record second;
  q.push(first);
  EXPECT_EQ(q.take(), &first);
  q.push(second);
  EXPECT_FALSE(q.is_pending());
  EXPECT_EQ(q.take(), nullptr);
  q.finished();
  EXPECT_EQ(q.take(), &second);
}

TEST(spmd_queue, takes_calls_of_several_threads) {
  constexpr std::size_t each = 5'000;
  spmd_queue q;
  std::vector<std::vector<bare_record>> bodies;
  for (int t = 0; t < 3; ++t) bodies.emplace_back(each);
  std::vector<std::thread> callers;
  for (auto& mine : bodies) {
    callers.emplace_back([&] {
      for (bare_record& body : mine) q.push(body);
    });
  }
  for (std::size_t taken = 0; taken < 3 * each;) {
    auto* const body = static_cast<bare_record*>(q.take());
    if (body == nullptr) {
      std::this_thread::yield();
      continue;
    }
    ASSERT_EQ(body->number++, 0);
    ++taken;
    q.finished();
  }
  for (std::thread& t : callers) t.join();
  EXPECT_FALSE(q.is_pending());
}

}  // namespace
