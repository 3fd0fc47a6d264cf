// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors
#include "core/report/node_report.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <vector>

namespace {

using testing::SizeIs;
using torc::report::node_work;
using torc::report::table_of;
using torc::report::worker_report;

/// A node whose workers were busy all of the time, with tasks of a second.
node_work busy_work(std::size_t workers, double seconds) {
  const auto tasks = workers * static_cast<std::uint64_t>(seconds);
  return {
      .running_seconds = seconds, .created = tasks, .executed = tasks, .workers = std::vector<worker_report>(workers)};
}

TEST(node_work, the_table_has_a_line_for_each_worker_of_all_nodes) {
  std::vector nodes{busy_work(1, 10), busy_work(2, 10)};
  for (worker_report& one : nodes[1].workers) one.done.idle_ns = 5'000'000'000;
  nodes[1].workers[1].done.executed = 7;
  nodes[1].workers[1].longest_ns = 1'500'000'000;
  nodes[1].workers[1].longest_name = "solve";
  const auto lines = table_of(nodes);
  ASSERT_THAT(lines, SizeIs(4));
  EXPECT_THAT(lines[0],
              testing::ContainsRegex("node +worker +created +executed +stolen +suspended +busy +longest task"));
  EXPECT_THAT(lines[1], testing::ContainsRegex("^ +0 +0 +0 +0 +0 +0 +100.0%  -$"));
  EXPECT_THAT(lines[3], testing::ContainsRegex("^ +1 +2 +0 +7 +0 +0 +50.0%  1.5 s 'solve'$"));
}

TEST(node_work, of_several_primary_tasks_add_up) {
  node_work sum = busy_work(2, 10);
  node_work more = busy_work(2, 5);
  more.workers[1].longest_ns = 3;
  more.workers[1].longest_name = "later";
  more.workers[1].done.stolen = 4;
  sum.add(more);
  EXPECT_EQ(sum.executed, 30U);
  EXPECT_EQ(sum.running_seconds, 15);
  EXPECT_EQ(sum.workers[1].done.stolen, 4U);
  EXPECT_EQ(sum.workers[1].longest_name, "later");
}

}  // namespace
