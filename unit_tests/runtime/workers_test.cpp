// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors
#include "core/runtime/workers.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sched.h>

#include <string>
#include <thread>
#include <torc/error.hpp>
#include <torc/torc.hpp>

#include "unit_tests/torc/in_session.hpp"

namespace {

using testing::AllOf;
using testing::HasSubstr;
using tests::in_session;
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

int usable_hardware_threads() {
  cpu_set_t set;
  CPU_ZERO(&set);
  EXPECT_EQ(sched_getaffinity(0, sizeof set, &set), 0);
  return CPU_COUNT(&set);
}

/// What a thread may use that the calling one starts.
int usable_by_a_new_thread() {
  int count = 0;
  std::thread([&] { count = usable_hardware_threads(); }).join();
  return count;
}

class bound_workers : public testing::Test {
 protected:
  void SetUp() override {
    if (torc::os::machine().allowed_cores() < 2) GTEST_SKIP() << "the process may use one core";
  }
  static int usable_on(int worker) {
    return torc::submit({.worker = worker, .pinned = true}, torc::local(usable_hardware_threads)).result();
  }
};

TEST_F(bound_workers, lend_their_cores_to_the_body_that_they_stand_by_for) {
  const int all = usable_hardware_threads();
  in_session(torc::options{.workers = 2, .primary = torc::primary_place::thread, .bind = toggle::on}, [&] {
    const int both = usable_on(0) + usable_on(1);
    EXPECT_EQ(torc::submit({.cores = 2}, torc::local(usable_by_a_new_thread)).result(), both);
    // A body that waits gives them back, and gets them again before it goes on.
    const auto waits = [&] {
      EXPECT_LT(torc::submit({.worker = 0, .pinned = true}, torc::local(usable_by_a_new_thread)).result(), both);
      EXPECT_LT(torc::submit({.worker = 1, .pinned = true}, torc::local(usable_by_a_new_thread)).result(), both);
      return usable_by_a_new_thread();
    };
    EXPECT_EQ(torc::submit({.cores = 2}, torc::local(waits)).result(), both);
    EXPECT_EQ(usable_on(0) + usable_on(1), both);
  });
  EXPECT_EQ(usable_hardware_threads(), all);
}

TEST_F(bound_workers, leave_all_cores_to_the_primary_task) {
  const int all = usable_hardware_threads();
  for (const auto primary : {torc::primary_place::thread, torc::primary_place::worker}) {
    in_session(torc::options{.workers = 2, .primary = primary, .bind = toggle::on}, [&] {
      EXPECT_EQ(usable_by_a_new_thread(), all);
      torc::submit({.cores = 2}, torc::local([] {})).result();
      EXPECT_EQ(usable_by_a_new_thread(), all) << "after it led a gang";
      EXPECT_LE(2 * usable_on(1), all);
    });
  }
}

TEST(workers, are_never_bound_against_the_will) {
  EXPECT_FALSE(is_to_bind({.bind = toggle::off}, 1, topology(four_cores, "0-1", std::nullopt)));
}

}  // namespace
