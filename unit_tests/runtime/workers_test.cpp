// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors
#include "core/runtime/workers.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <torc/error.hpp>

namespace {

using testing::AllOf;
using testing::HasSubstr;
using torc::options;
using torc::toggle;
using torc::os::topology;
using torc::runtime::is_to_bind;
using torc::runtime::worker_count;

const std::string four_cores = "core:4 pu:1";

TEST(workers, automatic_are_as_many_as_the_cores_that_may_be_used) {
  const topology machine(four_cores, "0-2", std::nullopt);
  EXPECT_EQ(worker_count({.workers = options::auto_workers}, machine), 3);
  EXPECT_EQ(worker_count({.workers = options::auto_workers}, topology(four_cores, "", 2.0)), 2);
}

TEST(workers, given_are_taken_as_they_are) {
  EXPECT_EQ(worker_count({.workers = 9}, topology(four_cores, "0", std::nullopt)), 9);
}

TEST(workers, are_not_bound_automatically_on_a_whole_machine) {
  EXPECT_FALSE(is_to_bind({.bind = toggle::automatic}, 4, topology(four_cores, "", std::nullopt)));
}

TEST(workers, are_bound_automatically_on_a_part_that_has_a_core_for_each) {
  const topology part(four_cores, "0-1", std::nullopt);
  EXPECT_TRUE(is_to_bind({.bind = toggle::automatic}, 2, part));
  EXPECT_FALSE(is_to_bind({.bind = toggle::automatic}, 3, part));
}

TEST(workers, are_bound_on_demand_if_each_has_a_core) {
  EXPECT_TRUE(is_to_bind({.bind = toggle::on}, 4, topology(four_cores, "", std::nullopt)));
  try {
    is_to_bind({.bind = toggle::on}, 5, topology(four_cores, "", std::nullopt));
    FAIL() << "five workers were to be bound to four cores";
  } catch (const torc::config_error& e) {
    EXPECT_THAT(e.what(), AllOf(HasSubstr("TORC_BIND=on"), HasSubstr("5 workers"), HasSubstr("TORC_WORKERS to 4")));
  }
}

TEST(workers, are_never_bound_against_the_will) {
  EXPECT_FALSE(is_to_bind({.bind = toggle::off}, 1, topology(four_cores, "0-1", std::nullopt)));
}

}  // namespace
