// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors
#include "core/protocol/victims.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <set>
#include <vector>

namespace {

using torc::base::no_node;
using torc::base::node_id;
using torc::protocol::victims;

constexpr torc::protocol::demand for_workers_only{.is_for_workers = true};

std::vector<node_id> all_of(victims& asked) {
  std::vector<node_id> order;
  for (node_id next = asked.next(for_workers_only); next != no_node; next = asked.next(for_workers_only))
    order.push_back(next);
  return order;
}

TEST(victims, are_first_those_of_the_same_host) {
  for (std::uint64_t seed = 0; seed < 50; ++seed) {
    victims asked(node_id{5}, 16, {node_id{4}, node_id{6}, node_id{7}}, {}, seed);
    const auto order = all_of(asked);
    ASSERT_EQ(order.size(), 7U);
    for (std::size_t i = 0; i < 3; ++i) {
      EXPECT_GE(number_of(order[i]), 4);
      EXPECT_LE(number_of(order[i]), 7);
    }
  }
}

TEST(victims, are_never_oneself_and_all_others_in_time) {
  victims asked(node_id{2}, 5, {}, {}, 1);
  std::set<node_id> seen;
  for (int i = 0; i < 100; ++i) {
    for (const node_id victim : all_of(asked)) seen.insert(victim);
    asked.restart();
  }
  EXPECT_EQ(seen, (std::set<node_id>{node_id{0}, node_id{1}, node_id{3}, node_id{4}}));
}

TEST(victims, are_few_before_it_is_time_for_the_lifelines) {
  victims asked(node_id{0}, 1000, {}, {}, 1);
  EXPECT_EQ(all_of(asked).size(), 4U);
  EXPECT_EQ(asked.next(for_workers_only), no_node);
  asked.restart();
  EXPECT_EQ(all_of(asked).size(), 4U);
}

TEST(victims, are_nobody_where_there_is_nobody_else) {
  victims asked(node_id{0}, 1, {}, {}, 1);
  EXPECT_EQ(asked.next(for_workers_only), no_node);
  EXPECT_TRUE(asked.lifelines().empty());
}

TEST(victims, of_which_some_are_lifelines_connect_all_nodes) {
  for (const int num_nodes : {2, 3, 6, 17, 64}) {
    std::set<node_id> reached{node_id{0}};
    std::vector<node_id> front{node_id{0}};
    while (!front.empty()) {
      const node_id here = front.back();
      front.pop_back();
      const victims asked(here, num_nodes, {}, {}, 0);
      for (const node_id there : asked.lifelines()) {
        EXPECT_NE(there, here);
        if (reached.insert(there).second) front.push_back(there);
      }
    }
    EXPECT_EQ(reached.size(), static_cast<std::size_t>(num_nodes));
  }
}

TEST(victims, of_a_space_are_those_that_have_it) {
  const std::vector<node_id> with_space{node_id{1}, node_id{6}, node_id{8}};
  for (std::uint64_t seed = 0; seed < 20; ++seed) {
    victims asked(node_id{6}, 100, {node_id{5}, node_id{8}}, {{}, with_space}, seed);
    const torc::protocol::demand want{.spaces = 2};
    EXPECT_EQ(asked.next(want), node_id{8}) << "of the same host";
    int num_asked = 1;
    for (node_id next = asked.next(want); next != no_node; next = asked.next(want)) {
      EXPECT_TRUE(next == node_id{1} || next == node_id{8}) << number_of(next);
      ++num_asked;
    }
    EXPECT_EQ(num_asked, 2);
    EXPECT_EQ(all_of(asked).size(), 2U + 4U) << "for workers it is another round";
  }
}

TEST(victims, are_asked_once_for_all_that_is_wanted) {
  std::vector<node_id> all;
  for (int i = 0; i < 100; ++i) all.push_back(node_id{i});
  victims asked(node_id{6}, 100, {}, {all, all}, 1);
  const torc::protocol::demand want{.is_for_workers = true, .spaces = 3};
  int num_asked = 0;
  while (asked.next(want) != no_node) ++num_asked;
  EXPECT_EQ(num_asked, 4);
  EXPECT_EQ(asked.lifelines().size(), 7U);
}

TEST(victims, that_have_a_space_are_connected_by_its_lifelines) {
  const std::vector<node_id> with_space{node_id{3}, node_id{10}, node_id{11}, node_id{40}, node_id{63}};
  const torc::protocol::demand want{.spaces = 1};
  std::set<node_id> reached{node_id{3}};
  std::vector<node_id> front{node_id{3}};
  while (!front.empty()) {
    const node_id here = front.back();
    front.pop_back();
    const victims asked(here, 64, {}, {with_space}, 0);
    asked.for_each_lifeline(want, [&](std::size_t place) {
      const node_id there = asked.lifelines()[place];
      EXPECT_TRUE(std::count(with_space.begin(), with_space.end(), there) == 1) << number_of(there);
      if (reached.insert(there).second) front.push_back(there);
    });
  }
  EXPECT_EQ(reached.size(), with_space.size());
}

TEST(victims, of_a_space_that_no_other_node_has_are_none) {
  victims asked(node_id{2}, 5, {}, {{node_id{2}}}, 1);
  EXPECT_EQ(asked.next({.spaces = 1}), no_node);
}

}  // namespace
