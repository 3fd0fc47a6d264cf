// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "core/runtime/node_report.hpp"

namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;
using torc::runtime::hints_for;
using torc::runtime::node_report;
using torc::runtime::table_of;
using torc::runtime::worker_report;

/// A node whose workers were busy all of the time, with tasks of a second.
node_report busy_node(std::size_t workers, double seconds, std::string host = "here") {
  node_report node{.host = std::move(host), .cores = static_cast<std::int32_t>(workers), .running_seconds = seconds};
  node.cpu_seconds = seconds * static_cast<double>(workers);
  node.created = node.executed = workers * static_cast<std::uint64_t>(seconds);
  node.workers.resize(workers);
  return node;
}

void be_idle(node_report& node, double seconds) {
  for (worker_report& one : node.workers) one.done.idle_ns = static_cast<std::uint64_t>(seconds * 1e9);
}

TEST(hints, none_where_all_is_well) {
  const std::vector nodes{busy_node(2, 10), busy_node(2, 10, "there")};
  EXPECT_THAT(hints_for(nodes, false), IsEmpty());
}

TEST(hints, stealing_where_nodes_were_idle_beside_waiting_tasks) {
  std::vector nodes{busy_node(2, 10), busy_node(2, 10, "there")};
  for (std::size_t i = 0; i < 20; ++i) {
    nodes[0].load.add(0, 5);
    nodes[1].load.add(i < 10 ? 2 : 0, 0);
  }
  EXPECT_THAT(hints_for(nodes, false),
              ElementsAre(HasSubstr("25 % of the workers' time was idle while tasks waited on "
                                    "other nodes that could have moved: set TORC_STEALING=1")));
  EXPECT_THAT(hints_for(nodes, true), IsEmpty());
}

TEST(hints, none_for_what_cost_less_than_a_second_or_a_tenth) {
  std::vector shortly{busy_node(2, 1), busy_node(2, 1, "there")};
  std::vector rarely{busy_node(2, 1'000), busy_node(2, 1'000, "there")};
  for (std::size_t i = 0; i < 100; ++i) {
    for (auto* nodes : {&shortly, &rarely}) {
      (*nodes)[0].load.add(0, 5);
      (*nodes)[1].load.add(i < (nodes == &shortly ? 45 : 15) ? 2 : 0, 0);
    }
  }
  EXPECT_THAT(hints_for(shortly, false), IsEmpty());
  EXPECT_THAT(hints_for(rarely, false), IsEmpty());
}

TEST(hints, workers_for_cores_that_have_none) {
  std::vector nodes{busy_node(1, 10)};
  nodes[0].cores = 8;
  for (int i = 0; i < 20; ++i) nodes[0].load.add(0, i < 18 ? 3 : 0);
  EXPECT_THAT(hints_for(nodes, false),
              ElementsAre(HasSubstr("tasks waited for 90 % of the time, with one worker on each "
                                    "node, where 8 cores may be used: set TORC_WORKERS=auto")));
  nodes.push_back(nodes[0]);
  EXPECT_THAT(hints_for(nodes, true), SizeIs(1));
  nodes[0].cores = nodes[1].cores = 2;
  EXPECT_THAT(hints_for(nodes, true), IsEmpty());
}

TEST(hints, fewer_workers_where_they_have_no_cores) {
  std::vector nodes{busy_node(6, 10)};
  nodes[0].cores = 2;
  EXPECT_THAT(hints_for(nodes, false),
              ElementsAre(HasSubstr("6 workers share 2 cores, and 6.0 of them were busy on the average")));
  be_idle(nodes[0], 7);  // nobody missed a core
  EXPECT_THAT(hints_for(nodes, false), IsEmpty());
}

TEST(hints, none_where_more_workers_than_cores_wait_for_something_else) {
  std::vector nodes{busy_node(6, 10)};
  nodes[0].cores = 2;
  nodes[0].cpu_seconds = 1;
  EXPECT_THAT(hints_for(nodes, false), IsEmpty());
}

TEST(hints, more_work_for_tasks_that_take_what_a_task_costs) {
  std::vector nodes{busy_node(2, 10)};
  nodes[0].created = nodes[0].executed = 100'000'000;
  EXPECT_THAT(hints_for(nodes, false), ElementsAre(HasSubstr("a task took 0.2 us on the average")));
  // At ten times that they are well worth it, unless they have to travel.
  nodes[0].created = nodes[0].executed = 10'000'000;
  EXPECT_THAT(hints_for(nodes, false), IsEmpty());
  nodes[0].created = 0;
  EXPECT_THAT(hints_for(nodes, false), ElementsAre(HasSubstr("a task took 2 us on the average")));
}

TEST(hints, bodies_that_went_on_after_their_timeout_come_first) {
  std::vector nodes{busy_node(6, 10), busy_node(6, 10)};
  nodes[0].cores = nodes[1].cores = 2;
  nodes[0].overrun_ns = 2'000'000'000;
  nodes[0].longest_overrun_ns = 1'000'000'000;
  nodes[1].overrun_ns = nodes[1].longest_overrun_ns = 9'000'000'000;
  nodes[1].longest_overrun_name = "solve";
  const auto found = hints_for(nodes, false);
  ASSERT_THAT(found, SizeIs(2));
  EXPECT_THAT(found[0], HasSubstr("the longest, of task 'solve', for 9.0 s: let them ask torc::stop_requested()"));
}

TEST(node_report, the_table_has_a_line_for_each_worker_of_all_nodes) {
  std::vector nodes{busy_node(1, 10), busy_node(2, 10)};
  be_idle(nodes[1], 5);
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

TEST(node_report, of_several_primary_tasks_add_up) {
  node_report sum = busy_node(2, 10);
  node_report more = busy_node(2, 5);
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
