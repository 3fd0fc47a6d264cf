// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors
#include "core/report/load_profile.hpp"

#include <gtest/gtest.h>

#include <array>
#include <cereal/types/vector.hpp>
#include <chrono>
#include <cstddef>
#include <torc/detail/archive.hpp>
#include <vector>

#include "core/sched/scheduler.hpp"

namespace {

using torc::report::load_profile;

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

TEST(load_profile, nodes_that_looked_once_more_or_less_are_compared_at_the_same_times) {
  for (const int most : {64, 128, 1024}) {
    std::array<load_profile, 2> nodes;
    for (int i = 0; i < most + 1; ++i) nodes[0].add(i < most / 2 ? 2 : 0, 0);
    for (int i = 0; i < most; ++i) nodes[1].add(0, i < most / 2 ? 0 : 2);
    EXPECT_EQ(load_profile::idle_in_vain(nodes), 0) << most;
    nodes[1] = {};
    for (int i = 0; i < most; ++i) nodes[1].add(0, i < most / 2 ? 2 : 0);
    EXPECT_NEAR(load_profile::idle_in_vain(nodes), 1, 0.05) << most;
  }
}

TEST(load_profile, is_compared_at_the_same_times_when_it_has_been_sent) {
  load_profile longer;
  load_profile shorter;
  for (int i = 0; i < 65; ++i) longer.add(i < 32 ? 2 : 0, 0);
  for (int i = 0; i < 64; ++i) shorter.add(0, i < 32 ? 0 : 2);
  std::vector<std::byte> bytes;
  torc::detail::output_archive out(bytes);
  out(longer);
  load_profile arrived;
  torc::detail::input_archive in(bytes);
  in(arrived);
  EXPECT_EQ(load_profile::idle_in_vain(std::array{arrived, shorter}), 0);
}

TEST(load_profile, an_odd_last_period_is_kept) {
  std::array<load_profile, 2> nodes;
  for (int i = 0; i < 5; ++i) nodes[1].add(1, 0);
  for (int i = 0; i < 65; ++i) nodes[0].add(0, 1);
  EXPECT_DOUBLE_EQ(load_profile::idle_in_vain(nodes), 5.0 / 65);
}

TEST(load_profile, knows_the_part_of_looks_with_surplus_however_long_it_was) {
  load_profile node;
  for (int i = 0; i < 1'000; ++i) node.add(0, i % 10 == 0 ? 900 : 0);
  EXPECT_DOUBLE_EQ(node.part_with_surplus(), 0.1);
}

TEST(load_profile, of_a_few_seconds_is_right_to_one_in_twenty) {
  using namespace std::chrono_literals;
  constexpr auto interval = torc::sched::scheduler::tick_interval;
  for (auto length = 2'000ms; length < 5'000ms; length += 10ms) {
    load_profile node;
    const auto until = length * 9 / 10;
    for (std::chrono::milliseconds at = interval; at < length; at += interval) node.add(0, at < until ? 1 : 0);
    EXPECT_NEAR(node.part_with_surplus(), 0.9, 0.05) << length.count() << " ms";
  }
}

TEST(load_profile, a_node_that_came_later_is_idle_no_longer_than_it_was_there) {
  std::array<load_profile, 2> nodes;
  for (int i = 0; i < 4; ++i) nodes[0].add(0, 1);
  nodes[1].add(1, 0);
  EXPECT_DOUBLE_EQ(load_profile::idle_in_vain(nodes), 0.25);
}

}  // namespace
