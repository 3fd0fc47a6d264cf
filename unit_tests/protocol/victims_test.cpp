// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors
#include "core/protocol/victims.hpp"

#include <gtest/gtest.h>

#include <set>
#include <vector>

namespace {

using torc::base::no_node;
using torc::base::node_id;
using torc::protocol::victims;

std::vector<node_id> all_of(victims& asked) {
  std::vector<node_id> order;
  for (node_id next = asked.next(); next != no_node; next = asked.next()) order.push_back(next);
  return order;
}

TEST(victims, are_first_those_of_the_same_host) {
  for (std::uint64_t seed = 0; seed < 50; ++seed) {
    victims asked(node_id{5}, 16, {node_id{4}, node_id{6}, node_id{7}}, seed);
    const auto order = all_of(asked);
    ASSERT_EQ(order.size(), 7U);
    for (std::size_t i = 0; i < 3; ++i) {
      EXPECT_GE(number_of(order[i]), 4);
      EXPECT_LE(number_of(order[i]), 7);
    }
  }
}

TEST(victims, are_never_oneself_and_all_others_in_time) {
  victims asked(node_id{2}, 5, {}, 1);
  std::set<node_id> seen;
  for (int i = 0; i < 100; ++i) {
    for (const node_id victim : all_of(asked)) seen.insert(victim);
    asked.restart();
  }
  EXPECT_EQ(seen, (std::set<node_id>{node_id{0}, node_id{1}, node_id{3}, node_id{4}}));
}

TEST(victims, are_few_before_it_is_time_for_the_lifelines) {
  victims asked(node_id{0}, 1000, {}, 1);
  EXPECT_EQ(all_of(asked).size(), 4U);
  EXPECT_EQ(asked.next(), no_node);
  asked.restart();
  EXPECT_EQ(all_of(asked).size(), 4U);
}

TEST(victims, are_nobody_where_there_is_nobody_else) {
  victims asked(node_id{0}, 1, {}, 1);
  EXPECT_EQ(asked.next(), no_node);
  EXPECT_TRUE(asked.lifelines().empty());
}

TEST(victims, of_which_some_are_lifelines_connect_all_nodes) {
  for (const int num_nodes : {2, 3, 6, 17, 64}) {
    std::set<node_id> reached{node_id{0}};
    std::vector<node_id> front{node_id{0}};
    while (!front.empty()) {
      const node_id here = front.back();
      front.pop_back();
      const victims asked(here, num_nodes, {}, 0);
      for (const node_id there : asked.lifelines()) {
        EXPECT_NE(there, here);
        if (reached.insert(there).second) front.push_back(there);
      }
    }
    EXPECT_EQ(reached.size(), static_cast<std::size_t>(num_nodes));
  }
}

}  // namespace
