// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors
#include "core/sched/wait/waiters.hpp"

#include <gtest/gtest.h>

#include <array>
#include <atomic>
#include <memory>
#include <thread>
#include <vector>

#include "core/sched/worker/completion.hpp"
#include "unit_tests/sched/bare_record.hpp"

namespace {

using tests::bare_record;
using torc::detail::record;
using torc::detail::waiter;
using torc::sched::add_waiter;
using torc::sched::fulfil;
using torc::sched::remove_waiter;

struct recorder final : waiter {
  explicit recorder(std::vector<int>& o, int n) : order(o), number(n) {}
  void fire(record&) noexcept override { order.push_back(number); }
  std::vector<int>& order;
  int number;
};

TEST(waiters, fire_once_in_the_order_in_which_they_came) {
  bare_record task;
  std::vector<int> order;
  recorder first(order, 1);
  recorder second(order, 2);
  recorder third(order, 3);
  for (recorder* w : {&first, &second, &third}) EXPECT_TRUE(add_waiter(task, *w));
  EXPECT_TRUE(order.empty());
  fulfil(task);
  fulfil(task);
  EXPECT_EQ(order, (std::vector{1, 2, 3}));
}

TEST(waiters, are_refused_once_the_future_is_done) {
  bare_record task;
  std::vector<int> order;
  recorder late(order, 1);
  fulfil(task);
  EXPECT_FALSE(add_waiter(task, late));
  EXPECT_TRUE(order.empty());
  remove_waiter(task, late);
}

TEST(waiters, do_not_fire_after_their_removal) {
  bare_record task;
  std::vector<int> order;
  recorder first(order, 1);
  recorder second(order, 2);
  recorder third(order, 3);
  for (recorder* w : {&first, &second, &third}) add_waiter(task, *w);
  remove_waiter(task, second);
  fulfil(task);
  EXPECT_EQ(order, (std::vector{1, 3}));
}

/// Owns itself and may do as it likes: here it adds a waiter to another future and so takes a lock.
struct chained final : waiter {
  chained(record& o, waiter& n) : other(o), next_one(n) { is_removable = false; }
  void fire(record&) noexcept override {
    record& target = other;
    waiter& added = next_one;
    delete this;
    add_waiter(target, added);
  }
  record& other;
  waiter& next_one;
};

TEST(waiters, that_own_themselves_fire_without_a_lock) {
  // More futures than there are locks: some share the one of the future that fires.
  bare_record task;
  std::vector<bare_record> others(200);
  std::vector<int> order;
  std::vector<std::unique_ptr<recorder>> added;
  for (bare_record& other : others) {
    added.push_back(std::make_unique<recorder>(order, 0));
    add_waiter(task, *new chained(other, *added.back()));
  }
  fulfil(task);
  for (bare_record& other : others) fulfil(other);
  EXPECT_EQ(order.size(), others.size());
}

TEST(waiters, number_the_callbacks_of_a_future) {
  bare_record task;
  EXPECT_EQ(torc::sched::next_callback(task), 0);
  EXPECT_EQ(torc::sched::next_callback(task), 1);
}

/// Fires at most once; must not be touched after its removal.
struct counting final : waiter {
  void fire(record&) noexcept override { ++fired; }
  int fired = 0;  ///< not atomic: remove_waiter hands it over
};

TEST(waiters, fire_are_refused_or_removed_when_all_happens_at_once) {
  constexpr int rounds = 1'000;
  std::atomic<int> wrong{0};
  std::atomic<int> fired{0};
  std::vector<bare_record> tasks(rounds);
  std::atomic<int> at_round{0};
  std::vector<std::thread> threads;
  for (int t = 0; t < 3; ++t) {
    threads.emplace_back([&, t] {
      for (int round = 0; round < rounds; ++round) {
        ++at_round;  // all begin the round together
        while (at_round < 3 * (round + 1)) std::this_thread::yield();
        bare_record& task = tasks[static_cast<std::size_t>(round)];
        if (t == 0) {
          fulfil(task);
          continue;
        }
        const auto mine = std::make_unique<counting>();
        const bool was_added = add_waiter(task, *mine);
        remove_waiter(task, *mine);
        if (mine->fired > (was_added ? 1 : 0)) ++wrong;
        fired += mine->fired;
      }
    });
  }
  for (std::thread& t : threads) t.join();
  EXPECT_EQ(wrong, 0);
  EXPECT_LE(fired, 2 * rounds);
}

TEST(waiters, all_hear_of_the_end_however_late_they_come) {
  constexpr int rounds = 1'000;
  std::vector<bare_record> tasks(rounds);
  std::array<std::vector<std::unique_ptr<counting>>, 2> added;
  std::array<std::vector<bool>, 2> was_added;
  std::vector<std::thread> threads;
  for (std::size_t t = 0; t < 2; ++t) {
    threads.emplace_back([&, t] {
      for (bare_record& task : tasks) {
        added[t].push_back(std::make_unique<counting>());
        was_added[t].push_back(add_waiter(task, *added[t].back()));
      }
    });
  }
  threads.emplace_back([&] {
    for (bare_record& task : tasks) fulfil(task);
  });
  for (std::thread& t : threads) t.join();
  for (std::size_t t = 0; t < 2; ++t) {
    for (std::size_t i = 0; i < rounds; ++i) ASSERT_EQ(added[t][i]->fired, was_added[t][i] ? 1 : 0);
  }
}

}  // namespace
