// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors
#include "core/protocol/limit_places.hpp"

#include <gtest/gtest.h>

#include <map>
#include <utility>
#include <vector>

#include "backends/sim/random.hpp"
#include "unit_tests/protocol/bare_node.hpp"

namespace {

using tests::one;
using tests::three;
using tests::two;
using torc::protocol::limit_places;
using torc::protocol::node_id;

constexpr std::uint32_t first = 3;
constexpr std::uint32_t second = 4;

std::vector<std::pair<node_id, std::uint64_t>> all_grants(limit_places& places, std::uint32_t limit) {
  std::vector<std::pair<node_id, std::uint64_t>> found;
  while (const auto granted = places.next_grant(limit)) found.emplace_back(granted->to, granted->count);
  return found;
}
using grants = std::vector<std::pair<node_id, std::uint64_t>>;

TEST(limit_places, are_two_for_each_worker_and_limit) {
  limit_places places(2);
  EXPECT_TRUE(places.ask(one, first, 10));
  EXPECT_TRUE(places.ask(one, second, 3));
  EXPECT_EQ(all_grants(places, first), (grants{{one, 4}}));
  EXPECT_EQ(all_grants(places, second), (grants{{one, 3}})) << "tasks with another limit do not keep it out";
  EXPECT_EQ(places.num_taken(first), 4U);
}

TEST(limit_places, go_to_each_asker_in_turn) {
  limit_places places(1);
  ASSERT_TRUE(places.ask(one, first, 2));
  ASSERT_EQ(all_grants(places, first), (grants{{one, 2}}));
  for (const node_id asker : {two, one, three}) ASSERT_TRUE(places.ask(asker, first, 2));
  std::vector<node_id> order;
  for (int i = 0; i < 5; ++i) {
    ASSERT_TRUE(places.admit(order.empty() ? one : order.back(), first));
    places.leave(first);
    const auto granted = places.next_grant(first);
    ASSERT_TRUE(granted);
    ASSERT_EQ(granted->count, 1U);
    order.push_back(granted->to);
  }
  EXPECT_EQ(order, (std::vector{two, one, three, two, one}));
}

TEST(limit_places, are_for_tasks_that_were_granted_one) {
  limit_places places(1);
  EXPECT_FALSE(places.admit(one, first)) << "nobody knows the limit";
  ASSERT_TRUE(places.ask(one, first, 1));
  EXPECT_FALSE(places.admit(one, first)) << "asked, but not granted";
  ASSERT_TRUE(places.next_grant(first));
  EXPECT_FALSE(places.admit(two, first));
  EXPECT_TRUE(places.admit(one, first));
  EXPECT_FALSE(places.admit(one, first)) << "it was one";
}

TEST(limit_places, that_are_not_needed_go_to_others) {
  limit_places places(1);
  ASSERT_TRUE(places.ask(one, first, 2));
  ASSERT_TRUE(places.next_grant(first));
  ASSERT_TRUE(places.ask(two, first, 1));
  EXPECT_FALSE(places.next_grant(first));
  EXPECT_FALSE(places.give_back(one, first, 3));
  EXPECT_FALSE(places.give_back(one, first, 0));
  EXPECT_FALSE(places.give_back(two, first, 1));
  EXPECT_TRUE(places.give_back(one, first, 2));
  EXPECT_EQ(all_grants(places, first), (grants{{two, 1}}));
}

TEST(limit_places, are_not_asked_for_without_end) {
  limit_places places(1);
  EXPECT_FALSE(places.ask(one, first, 0));
  EXPECT_TRUE(places.ask(one, first, limit_places::most_asked));
  EXPECT_FALSE(places.ask(one, first, 1));
  ASSERT_TRUE(places.next_grant(first));
  EXPECT_TRUE(places.ask(one, first, 2)) << "two have been granted";
  EXPECT_FALSE(places.ask(two, first, ~std::uint64_t{0}));
}

TEST(limit_places, are_whole_again_after_any_order_of_events) {
  for (std::uint64_t seed = 0; seed < 300; ++seed) {
    torc::sim::random rng(seed);
    const auto workers = static_cast<std::uint32_t>(1 + rng.below(3));
    limit_places places(workers);
    std::map<std::pair<node_id, std::uint32_t>, std::pair<std::uint64_t, std::uint64_t>> senders;  // asked, granted
    std::map<std::uint32_t, std::uint64_t> here;
    const auto grant_all = [&](std::uint32_t limit) {
      while (const auto granted = places.next_grant(limit)) {
        auto& [asked, has] = senders[{granted->to, limit}];
        ASSERT_GE(asked, granted->count);
        asked -= granted->count;
        has += granted->count;
      }
      ASSERT_LE(places.num_taken(limit), 2 * workers);
    };
    std::uint64_t left = 200;
    bool is_over = false;
    while (!is_over) {
      const node_id sender{static_cast<std::int32_t>(1 + rng.below(3))};
      const auto limit = static_cast<std::uint32_t>(rng.below(3));
      auto& [asked, has] = senders[{sender, limit}];
      if (left > 0 && rng.chance(0.5) && asked < limit_places::most_asked) {
        --left;
        ASSERT_TRUE(places.ask(sender, limit, 1));
        ++asked;
      } else if (has > 0 && rng.chance(0.2)) {
        ASSERT_TRUE(places.give_back(sender, limit, 1));
        --has;
      } else if (has > 0) {
        ASSERT_TRUE(places.admit(sender, limit));
        --has;
        ++here[limit];
      } else if (here[limit] > 0) {
        places.leave(limit);
        --here[limit];
      }
      grant_all(limit);
      is_over = left == 0;
      for (const auto& [key, of] : senders) is_over = is_over && of.first == 0 && of.second == 0;
      for (const auto& [number, count] : here) is_over = is_over && count == 0;
    }
    ASSERT_TRUE(places.is_whole()) << seed;
  }
}

}  // namespace
