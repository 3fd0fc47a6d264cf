// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors
#include "core/protocol/budget.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <vector>

#include "backends/sim/random.hpp"
#include "unit_tests/protocol/bare_node.hpp"

namespace {

using tests::one;
using tests::two;
using torc::protocol::budget;
using torc::protocol::depth;
using torc::protocol::node_id;

TEST(budget, deals_half_of_itself_out_in_equal_shares) {
  budget all(6000, 1, 4);
  EXPECT_EQ(budget::share_of(6000, 4), 1000);
  EXPECT_EQ(all.pool_bytes(), 3000);
  EXPECT_TRUE(all.admit(one, 1000, depth::outer));
  EXPECT_FALSE(all.admit(one, 1, depth::outer));
  EXPECT_TRUE(all.admit(two, 1000, depth::outer));
}

TEST(budget, grants_what_is_missing_when_the_pool_has_little_more) {
  budget all(6000, 1, 4);
  all.ask(one, 3900, depth::outer);
  const auto granted = all.next_grant();
  ASSERT_TRUE(granted);
  EXPECT_EQ(granted->bytes, 2900);
  EXPECT_FALSE(all.next_grant());
}

TEST(budget, admits_two_tasks_a_worker_of_any_size_and_then_makes_others_wait) {
  budget all(6000, 2, 4);
  std::vector<budget::hold> here;
  for (int i = 0; i < 4; ++i) {
    all.ask(one, 1'000'000, depth::outer);
    ASSERT_TRUE(all.next_grant()) << i;
    here.push_back(*all.admit(one, 1'000'000, depth::outer));
  }
  all.ask(one, 1'000'000, depth::outer);
  EXPECT_FALSE(all.next_grant());
  all.begin(one, here[0]);
  EXPECT_TRUE(all.next_grant()) << "one has begun, so one more may come";
}

TEST(budget, counts_a_task_that_is_granted_and_still_to_come) {
  budget all(6000, 1, 4);
  all.ask(one, 1'000'000, depth::outer);
  all.ask(two, 1'000'000, depth::outer);
  all.ask(node_id{3}, 1'000'000, depth::outer);
  EXPECT_TRUE(all.next_grant());
  EXPECT_TRUE(all.next_grant());
  EXPECT_FALSE(all.next_grant()) << "two for its worker are on their way";
}

TEST(budget, lets_suspended_outer_bodies_keep_others_out_but_not_what_is_below_them) {
  budget all(6000, 1, 4);
  std::vector<budget::hold> here;
  for (int i = 0; i < 4; ++i) {
    all.ask(one, 10'000, depth::outer);
    ASSERT_TRUE(all.next_grant()) << i;
    here.push_back(*all.admit(one, 10'000, depth::outer));
    all.begin(one, here.back());
  }
  all.ask(one, 10'000, depth::outer);
  EXPECT_FALSE(all.next_grant()) << "two have given back what they held, two hold it until they end";
  all.ask(two, 10'000, depth::inner);
  EXPECT_TRUE(all.next_grant());
  all.end(one, here[2]);
  all.end(one, here[3]);
  EXPECT_TRUE(all.next_grant());
}

TEST(budget, lets_no_inner_tasks_that_wait_for_a_slot_keep_others_out) {
  budget all(6000, 1, 4);
  for (int i = 0; i < 2; ++i) {
    all.ask(one, 10'000, depth::inner_with_slot);
    ASSERT_TRUE(all.next_grant()) << i;
    all.admit(one, 10'000, depth::inner_with_slot);
  }
  all.ask(one, 10'000, depth::inner_with_slot);
  EXPECT_FALSE(all.next_grant());
  all.ask(two, 10'000, depth::inner);
  EXPECT_TRUE(all.next_grant());
  all.ask(node_id{3}, 10'000, depth::outer);
  EXPECT_FALSE(all.next_grant()) << "these wait for all inner ones";
}

TEST(budget, lets_no_outer_tasks_keep_inner_ones_out) {
  budget all(6000, 1, 4);
  for (int i = 0; i < 2; ++i) {
    all.ask(one, 10'000, depth::outer);
    ASSERT_TRUE(all.next_grant()) << i;
    all.admit(one, 10'000, depth::outer);
  }
  for (int i = 0; i < 2; ++i) {
    all.ask(two, 10'000, depth::inner);
    ASSERT_TRUE(all.next_grant()) << "the outer ones may wait for slots: " << i;
    all.admit(two, 10'000, depth::inner);
  }
  all.ask(two, 10'000, depth::inner);
  EXPECT_FALSE(all.next_grant());
}

TEST(budget, forgets_a_request_when_nothing_waits_any_more) {
  budget all(6000, 1, 4);
  all.ask(one, 1'000'000, depth::outer);
  const auto granted = all.next_grant();
  ASSERT_TRUE(granted);
  EXPECT_TRUE(all.give_back(one, static_cast<std::uint64_t>(granted->bytes)));
  EXPECT_FALSE(all.next_grant());
  EXPECT_TRUE(all.is_whole());
  EXPECT_FALSE(all.give_back(one, 1)) << "a share is not given back";
}

/// Senders that know only what they are told, with messages under way in both directions.
TEST(budget, lets_every_task_in_and_is_whole_in_the_end) {
  for (std::uint64_t seed = 1; seed <= 2000; ++seed) {
    torc::sim::random rng(seed);
    const int num_nodes = static_cast<int>(2 + rng.below(4));
    const auto workers = static_cast<std::uint32_t>(1 + rng.below(3));
    const auto total = static_cast<std::int64_t>(1 + rng.below(rng.chance(0.5) ? 100 : 5000));
    budget all(total, workers, num_nodes);
    struct sender {
      std::int64_t left = 0;
      std::vector<std::int64_t> waiting;
      bool has_asked = false;
    };
    const std::int64_t share = budget::share_of(total, num_nodes);
    std::vector<sender> senders(static_cast<std::size_t>(num_nodes));
    struct guest {
      node_id from{0};
      std::int64_t cost = 0;
      budget::hold held;
      bool has_begun = false;
    };
    std::vector<guest> guests;
    std::int64_t outer_bytes = 0;
    std::int64_t largest = 0;
    std::size_t left = 0;
    for (int i = 1; i < num_nodes; ++i) {
      senders[static_cast<std::size_t>(i)].left = share;
      for (std::uint64_t k = rng.below(30); k > 0; --k) {
        senders[static_cast<std::size_t>(i)].waiting.push_back(static_cast<std::int64_t>(1 + rng.below(2000)));
        ++left;
      }
    }
    const auto credit = [&](node_id to, std::int64_t bytes) { senders[index_of(to)].left += bytes; };
    std::uint64_t steps = 0;
    while (left > 0 || !guests.empty()) {
      ASSERT_LT(++steps, 1'000'000U) << "seed " << seed;
      const node_id from{static_cast<std::int32_t>(1 + rng.below(static_cast<std::uint64_t>(num_nodes - 1)))};
      sender& s = senders[index_of(from)];
      if (!s.waiting.empty() && rng.chance(0.6)) {
        const std::int64_t cost = s.waiting.back();
        if (cost <= s.left) {
          s.left -= cost;
          s.waiting.pop_back();
          s.has_asked = false;
          --left;
          const auto held = all.admit(from, cost, depth::outer);
          ASSERT_TRUE(held) << "seed " << seed;
          guests.push_back({from, cost, *held});
          outer_bytes += cost;
          largest = std::max(largest, cost);
          ASSERT_LE(outer_bytes, total + 4 * static_cast<std::int64_t>(workers) * largest) << "seed " << seed;
        } else if (!s.has_asked) {
          s.has_asked = true;
          all.ask(from, cost, depth::outer);
        }
      } else if (!guests.empty()) {
        const std::size_t which = rng.below(guests.size());
        if (!guests[which].has_begun) {
          guests[which].has_begun = true;
          credit(guests[which].from, all.begin(guests[which].from, guests[which].held));
        } else {
          credit(guests[which].from, all.end(guests[which].from, guests[which].held));
          outer_bytes -= guests[which].cost;
          guests.erase(guests.begin() + static_cast<std::ptrdiff_t>(which));
        }
      }
      while (const auto granted = all.next_grant()) credit(granted->to, granted->bytes);
      for (int i = 1; i < num_nodes; ++i) {
        sender& idle = senders[static_cast<std::size_t>(i)];
        if (!idle.waiting.empty() || idle.left <= share) continue;
        ASSERT_TRUE(all.give_back(node_id{i}, static_cast<std::uint64_t>(idle.left - share))) << "seed " << seed;
        idle.left = share;
      }
    }
    ASSERT_TRUE(all.is_whole()) << "seed " << seed;
  }
}

}  // namespace
