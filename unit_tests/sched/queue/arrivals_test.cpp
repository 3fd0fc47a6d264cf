// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors
#include "core/sched/queue/arrivals.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <thread>
#include <vector>

#include "unit_tests/sched/bare_record.hpp"

namespace {

using torc::sched::arrivals;
using torc::sched::mobility;

class arriving : public testing::Test {
 protected:
  /// Several chunks of them, and a part of one.
  static constexpr std::size_t many = 1'000;

  void push(std::size_t count) {
    for (std::size_t i = 0; i < count; ++i) {
      const std::uint64_t number = tasks.size();
      tasks.push_back(std::make_unique<tests::bare_record>());
      queue.push({number, tasks.back().get(), number % 4 == 0 ? mobility::nowhere : mobility::anywhere});
    }
  }
  /// Expects the next so many in their order.
  void take(std::size_t count) {
    for (std::size_t i = 0; i < count; ++i, ++taken) {
      const arrivals::entry* const first = queue.first();
      ASSERT_NE(first, nullptr) << taken;
      EXPECT_EQ(first, queue.first()) << "it is still there";
      EXPECT_EQ(first->arrival, taken);
      EXPECT_EQ(first->task, tasks[taken].get());
      EXPECT_EQ(first->where, taken % 4 == 0 ? mobility::nowhere : mobility::anywhere);
      queue.take_first();
    }
  }

  std::vector<std::unique_ptr<tests::bare_record>> tasks;
  std::size_t taken = 0;
  arrivals queue;
};

TEST_F(arriving, comes_out_in_the_order_in_which_it_was_pushed) {
  EXPECT_EQ(queue.first(), nullptr);
  for (const std::size_t count : {std::size_t{1}, std::size_t{2}, many, std::size_t{128}, std::size_t{256}}) {
    push(count);
    push(count);
    take(count);
    push(count);
    take(2 * count);
    EXPECT_EQ(queue.first(), nullptr);
  }
}

TEST_F(arriving, is_shown_from_the_oldest_on_without_being_taken) {
  push(many);
  take(many / 3);
  for (const std::size_t most : {std::size_t{0}, std::size_t{1}, many / 2, 2 * many}) {
    std::vector<std::uint64_t> shown;
    queue.for_oldest(most, [&](const arrivals::entry& each) { shown.push_back(each.arrival); });
    ASSERT_EQ(shown.size(), std::min(most, many - taken));
    for (std::size_t i = 0; i < shown.size(); ++i) EXPECT_EQ(shown[i], taken + i);
  }
  take(many - many / 3);
  queue.for_oldest(1, [](const arrivals::entry&) { ADD_FAILURE() << "nothing is left"; });
}

TEST_F(arriving, is_counted_and_seen_when_somebody_looks) {
  push(many);
  EXPECT_EQ(queue.num_pushed(), static_cast<std::int64_t>(many));
  EXPECT_EQ(queue.num_leaving(), static_cast<std::int64_t>(many - many / 4));
  EXPECT_EQ(queue.num_seen(), 0);
  take(1);
  EXPECT_EQ(queue.num_seen(), static_cast<std::int64_t>(many));
}

TEST_F(arriving, from_several_threads_is_taken_once_and_in_the_order_of_each) {
  constexpr std::size_t threads = 3;
  constexpr std::size_t each = 50'000;
  std::vector<std::vector<tests::bare_record>> of_thread;
  for (std::size_t t = 0; t < threads; ++t) of_thread.emplace_back(each);
  std::vector<std::thread> pushing;
  for (std::size_t t = 0; t < threads; ++t) {
    pushing.emplace_back([&, t] {
      for (std::size_t i = 0; i < each; ++i) {
        of_thread[t][i].number = static_cast<int>(i);
        queue.push({t, &of_thread[t][i], mobility::nowhere});
      }
    });
  }
  std::vector<int> next(threads, 0);
  int wrong = 0;
  for (std::size_t left = threads * each; left > 0;) {
    const arrivals::entry* const first = queue.first();
    if (first == nullptr) {
      std::this_thread::yield();
      continue;
    }
    const auto* const task = static_cast<const tests::bare_record*>(first->task);
    if (task->number != next[first->arrival]++) ++wrong;
    queue.take_first();
    --left;
  }
  for (std::thread& t : pushing) t.join();
  EXPECT_EQ(wrong, 0);
  EXPECT_EQ(queue.first(), nullptr);
}

}  // namespace
