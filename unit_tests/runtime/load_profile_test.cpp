// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors
#include "core/runtime/load_profile.hpp"

#include <gtest/gtest.h>

#include <array>

namespace {

using torc::runtime::load_profile;

TEST(load_profile, of_nothing_is_nothing) {
  const std::array<load_profile, 2> none;
  EXPECT_EQ(none[0].part_with_surplus(), 0);
  EXPECT_EQ(load_profile::idle_in_vain(none), 0);
}

TEST(load_profile, idle_workers_matter_only_while_tasks_wait_elsewhere) {
  std::array<load_profile, 2> nodes;
  for (int i = 0; i < 10; ++i) {
    nodes[0].add(i < 5 ? 2 : 0, 0);
    nodes[1].add(0, i < 2 ? 3 : i < 4 ? 1 : 0);
  }
  // Two workers for two looks, one for two, none for six.
  EXPECT_DOUBLE_EQ(load_profile::idle_in_vain(nodes), 0.6);
  EXPECT_DOUBLE_EQ(nodes[1].part_with_surplus(), 0.4);
}

TEST(load_profile, long_sessions_keep_what_mattered) {
  std::array<load_profile, 2> nodes;
  constexpr std::uint64_t looks = 10'000;
  for (std::uint64_t i = 0; i < looks; ++i) {
    nodes[0].add(i < looks / 2 ? 1 : 0, 0);
    nodes[1].add(0, i < looks / 2 ? 1 : 0);
  }
  EXPECT_LE(nodes[0].periods().size(), load_profile::most_periods);
  EXPECT_EQ(nodes[0].looks(), looks);
  EXPECT_NEAR(load_profile::idle_in_vain(nodes), 0.5, 0.02);
}

TEST(load_profile, a_node_that_came_later_is_idle_no_longer_than_it_was_there) {
  std::array<load_profile, 2> nodes;
  for (int i = 0; i < 4; ++i) nodes[0].add(0, 1);
  nodes[1].add(1, 0);
  EXPECT_DOUBLE_EQ(load_profile::idle_in_vain(nodes), 0.25);
}

}  // namespace
