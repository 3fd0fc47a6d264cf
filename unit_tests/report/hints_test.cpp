// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors
#include "core/report/hints.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdint>
#include <utility>
#include <vector>

namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;
using torc::report::node_report;
using torc::report::worker_report;

std::vector<std::string> hints_for(const std::vector<node_report>& nodes, bool was_stealing) {
  std::vector<std::string> texts;
  for (const auto& [kind, text] : torc::report::hints_for(nodes, was_stealing)) texts.push_back(text);
  return texts;
}

/// A node whose workers were busy all of the time, with tasks of a second.
node_report busy_node(std::size_t workers, double seconds, int first_sharer = 0) {
  node_report node{.first_sharer = first_sharer, .cores = static_cast<std::int32_t>(workers)};
  node.work.running_seconds = seconds;
  node.cpu_seconds = seconds * static_cast<double>(workers);
  node.work.created = node.work.executed = workers * static_cast<std::uint64_t>(seconds);
  node.work.workers.resize(workers);
  for (worker_report& one : node.work.workers)
    one.done.executed = std::max<std::uint64_t>(1, static_cast<std::uint64_t>(seconds));
  return node;
}

void be_idle(node_report& node, double seconds) {
  for (worker_report& one : node.work.workers) one.done.idle_ns = static_cast<std::uint64_t>(seconds * 1e9);
}

/// A node with one worker for many cores.
node_report lonely_node(double part_with_surplus) {
  node_report node = busy_node(1, 10);
  node.cores = 8;
  for (int i = 0; i < 20; ++i) node.load.add(0, i < static_cast<int>(20 * part_with_surplus) ? 3 : 0);
  return node;
}

TEST(hints, none_where_all_is_well) {
  const std::vector nodes{busy_node(2, 10), busy_node(2, 10, 1)};
  EXPECT_THAT(hints_for(nodes, false), IsEmpty());
}

TEST(hints, stealing_where_nodes_were_idle_beside_waiting_tasks) {
  std::vector nodes{busy_node(2, 10), busy_node(2, 10, 1)};
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
  std::vector shortly{busy_node(2, 1), busy_node(2, 1, 1)};
  std::vector rarely{busy_node(2, 1'000), busy_node(2, 1'000, 1)};
  for (std::size_t i = 0; i < 100; ++i) {
    for (auto* nodes : {&shortly, &rarely}) {
      (*nodes)[0].load.add(0, 5);
      (*nodes)[1].load.add(i < (nodes == &shortly ? 45 : 15) ? 2 : 0, 0);
    }
  }
  EXPECT_THAT(hints_for(shortly, false), IsEmpty());
  EXPECT_THAT(hints_for(rarely, false), IsEmpty());
}

TEST(hints, none_for_seconds_of_several_workers_at_the_same_time) {
  std::vector crowded{busy_node(4, 0.81)};
  crowded[0].cores = 2;
  crowded[0].work.executed = 30;
  EXPECT_THAT(hints_for(crowded, false), IsEmpty());

  std::vector tiny{busy_node(4, 0.9)};
  tiny[0].work.created = tiny[0].work.executed = 36'000'000;
  EXPECT_THAT(hints_for(tiny, false), IsEmpty());

  std::vector idle{busy_node(8, 2), busy_node(8, 2, 1)};
  for (int i = 0; i < 4; ++i) {
    idle[0].load.add(0, 20);
    idle[1].load.add(7, 0);
  }
  EXPECT_THAT(hints_for(idle, false), IsEmpty());
}

TEST(hints, workers_for_cores_that_have_none) {
  std::vector nodes{lonely_node(0.9)};
  EXPECT_THAT(hints_for(nodes, false),
              ElementsAre(HasSubstr("tasks waited for 90 % of the time, with one worker on each "
                                    "node, where 8 cores may be used: set TORC_WORKERS=auto")));
  nodes.push_back(nodes[0]);
  EXPECT_THAT(hints_for(nodes, true), SizeIs(1));
  nodes[0].cores = nodes[1].cores = 2;
  EXPECT_THAT(hints_for(nodes, true), IsEmpty());
}

TEST(hints, no_workers_for_cores_that_bodies_use_themselves) {
  std::vector nodes{lonely_node(0.9)};
  nodes[0].cpu_seconds = 12;  // its worker alone could have used 10
  EXPECT_THAT(hints_for(nodes, false), SizeIs(1));
  nodes[0].cpu_seconds = 13;
  EXPECT_THAT(hints_for(nodes, false), IsEmpty());
}

TEST(hints, no_workers_for_tasks_that_wait_for_something_else) {
  EXPECT_THAT(hints_for({lonely_node(0)}, false), IsEmpty());
}

TEST(hints, nothing_of_cores_where_each_node_of_a_host_has_its_own) {
  const std::vector nodes{busy_node(1, 10, 0), busy_node(1, 10, 1)};
  EXPECT_THAT(hints_for(nodes, false), IsEmpty());
}

TEST(hints, none_if_a_node_has_told_nothing_of_its_workers) {
  std::vector nodes{busy_node(6, 10), busy_node(0, 10)};
  nodes[0].cores = 2;
  EXPECT_THAT(hints_for(nodes, false), IsEmpty());
}

TEST(hints, fewer_workers_where_they_have_no_cores) {
  std::vector nodes{busy_node(6, 10)};
  nodes[0].cores = 2;
  EXPECT_THAT(hints_for(nodes, false),
              ElementsAre("6 workers share 2 cores, and 6.0 of them were busy on the average: set TORC_WORKERS=auto"));
  be_idle(nodes[0], 7);  // nobody missed a core
  EXPECT_THAT(hints_for(nodes, false), IsEmpty());
}

TEST(hints, none_where_workers_beyond_the_cores_only_looked_for_tasks) {
  std::vector nodes{busy_node(6, 10)};
  nodes[0].cores = 2;
  for (std::size_t i = 2; i < 6; ++i) nodes[0].work.workers[i].done.executed = 0;
  EXPECT_THAT(hints_for(nodes, false), IsEmpty());
}

TEST(hints, fewer_ranks_where_each_has_one_worker_only) {
  std::vector nodes{busy_node(1, 10), busy_node(1, 10)};
  EXPECT_THAT(hints_for(nodes, false),
              ElementsAre("2 workers share 1 core, and 2.0 of them were busy on the average: start fewer ranks"));
  nodes.push_back(busy_node(2, 10));
  EXPECT_THAT(hints_for(nodes, false), ElementsAre(HasSubstr(": set TORC_WORKERS=auto, or start fewer ranks")));
}

TEST(hints, none_where_more_workers_than_cores_wait_for_something_else) {
  std::vector nodes{busy_node(6, 10)};
  nodes[0].cores = 2;
  nodes[0].cpu_seconds = 1;
  EXPECT_THAT(hints_for(nodes, false), IsEmpty());
}

TEST(hints, more_work_for_tasks_that_take_what_a_task_costs) {
  std::vector nodes{busy_node(2, 10)};
  nodes[0].work.created = nodes[0].work.executed = 100'000'000;
  EXPECT_THAT(hints_for(nodes, false), ElementsAre(HasSubstr("a task took 0.2 us on the average")));
  // At ten times that they are well worth it, unless they have to travel.
  nodes[0].work.created = nodes[0].work.executed = 10'000'000;
  EXPECT_THAT(hints_for(nodes, false), IsEmpty());
  nodes[0].work.created = 0;
  EXPECT_THAT(hints_for(nodes, false), ElementsAre(HasSubstr("a task took 2 us on the average")));
}

TEST(hints, more_work_for_small_tasks_and_nothing_that_they_explain) {
  std::vector idle_beside{busy_node(1, 10), busy_node(1, 10, 1)};
  for (int i = 0; i < 20; ++i) {
    idle_beside[0].load.add(0, 5);
    idle_beside[1].load.add(1, 0);
  }
  be_idle(idle_beside[1], 10);
  std::vector lonely{lonely_node(1)};
  for (auto* nodes : {&idle_beside, &lonely}) {
    EXPECT_THAT(hints_for(*nodes, false), ElementsAre(HasSubstr("set TORC_"))) << "tasks of a second";
    (*nodes)[0].work.created = (*nodes)[0].work.executed = 20'000'000;
    EXPECT_THAT(hints_for(*nodes, false), ElementsAre(HasSubstr("a task took 0.5 us on the average")));
  }
}

TEST(hints, small_tasks_are_small_where_cores_are_scarce) {
  std::vector nodes{busy_node(2, 10)};
  nodes[0].work.created = nodes[0].work.executed = 10'000'000;
  nodes[0].cpu_seconds = 5;
  EXPECT_THAT(hints_for(nodes, false), ElementsAre(HasSubstr("a task took 0.5 us on the average")));
  // These wait for something else.
  nodes[0].work.created = nodes[0].work.executed = 1'000'000;
  nodes[0].cpu_seconds = 0.5;
  EXPECT_THAT(hints_for(nodes, false), IsEmpty());
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

}  // namespace
