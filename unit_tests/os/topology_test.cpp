// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors
#include "core/os/topology.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sched.h>

#include <thread>

namespace {

using testing::HasSubstr;
using torc::os::topology;

const std::string two_by_four_by_two = "package:2 core:4 pu:2";

int usable_hardware_threads() {
  cpu_set_t set;
  CPU_ZERO(&set);
  EXPECT_EQ(sched_getaffinity(0, sizeof set, &set), 0);
  return CPU_COUNT(&set);
}

TEST(topology, counts_all_cores_of_a_whole_machine) {
  const topology t(two_by_four_by_two, "", std::nullopt);
  EXPECT_EQ(t.allowed_cores(), 8);
  EXPECT_EQ(t.auto_workers(), 8);
  EXPECT_FALSE(t.is_restricted());
  EXPECT_EQ(t.describe(), "8 cores (16 hardware threads), 2 packages");
}

TEST(topology, counts_the_cores_that_the_launcher_left) {
  const topology t(two_by_four_by_two, "0-3", std::nullopt);
  EXPECT_EQ(t.allowed_cores(), 2);
  EXPECT_TRUE(t.is_restricted());
  EXPECT_EQ(t.describe(), "2 of 8 cores (4 of 16 hardware threads), 2 packages");
}

TEST(topology, counts_a_core_of_which_one_hardware_thread_is_left) {
  const topology t(two_by_four_by_two, "0,2,15", std::nullopt);
  EXPECT_EQ(t.allowed_cores(), 3);
}

TEST(topology, of_one_hardware_thread_a_core_left_is_restricted_though_no_core_is_lost) {
  const topology t(two_by_four_by_two, "0,2,4,6,8,10,12,14", std::nullopt);
  EXPECT_EQ(t.allowed_cores(), 8);
  EXPECT_TRUE(t.is_restricted());
}

TEST(topology, takes_a_quota_of_time_for_the_automatic_number_of_workers) {
  const auto workers = [](double quota) { return topology(two_by_four_by_two, "", quota).auto_workers(); };
  EXPECT_EQ(workers(3.0), 3);
  EXPECT_EQ(workers(2.9), 2);
  EXPECT_EQ(workers(0.5), 1);
  EXPECT_EQ(workers(100.0), 8);
  EXPECT_THAT(topology(two_by_four_by_two, "", 2.5).describe(), HasSubstr("limited to the time of 2.5 cores"));
}

TEST(topology, does_not_bind_to_an_invented_machine) {
  EXPECT_TRUE(topology(two_by_four_by_two, "", std::nullopt).bind_this_thread({0}).has_value());
}

TEST(topology, of_this_machine_allows_what_the_scheduler_allows) {
  std::thread([] {
    const topology t;
    EXPECT_GE(t.allowed_cores(), 1);
    EXPECT_LE(t.allowed_cores(), usable_hardware_threads());
    EXPECT_GE(t.auto_workers(), 1);
    EXPECT_LE(t.auto_workers(), t.allowed_cores());
  }).join();
}

TEST(topology, binds_a_thread_to_one_core_and_gives_all_back) {
  std::thread([] {
    const topology t;
    const int before = usable_hardware_threads();
    const int last = t.allowed_cores() - 1;
    ASSERT_EQ(t.bind_this_thread({last}), std::nullopt);
    const topology bound;
    EXPECT_EQ(bound.allowed_cores(), 1);
    t.unbind_this_thread();
    EXPECT_EQ(usable_hardware_threads(), before);
  }).join();
}

TEST(topology, binds_a_thread_to_several_cores) {
  const topology t;
  if (t.allowed_cores() < 2) GTEST_SKIP() << "the process may use one core";
  std::thread([&] {
    ASSERT_EQ(t.bind_this_thread({0}), std::nullopt);
    const int of_first = usable_hardware_threads();
    ASSERT_EQ(t.bind_this_thread({t.allowed_cores() - 1}), std::nullopt);
    const int of_last = usable_hardware_threads();
    ASSERT_EQ(t.bind_this_thread({0, t.allowed_cores() - 1}), std::nullopt);
    EXPECT_EQ(usable_hardware_threads(), of_first + of_last);
  }).join();
}

TEST(topology, has_no_core_beyond_those_allowed) {
  std::thread([] {
    const topology t;
    const std::optional<std::string> problem = t.bind_this_thread({t.allowed_cores()});
    ASSERT_TRUE(problem.has_value());
    EXPECT_THAT(*problem, HasSubstr("there is no core " + std::to_string(t.allowed_cores())));
    EXPECT_TRUE(t.bind_this_thread({-1}).has_value());
  }).join();
}

TEST(topology, of_the_process_is_not_what_one_of_its_threads_was_bound_to) {
  const int cores = torc::os::machine().allowed_cores();
  std::thread([&] {
    ASSERT_EQ(torc::os::machine().bind_this_thread({0}), std::nullopt);
    EXPECT_EQ(torc::os::machine().allowed_cores(), cores);
  }).join();
}

}  // namespace
