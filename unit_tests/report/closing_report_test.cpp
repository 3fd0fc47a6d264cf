// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors
#include "core/report/closing_report.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <vector>

#include "core/report/hints.hpp"

namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using torc::report::closing_report;
using torc::report::node_report;

/// Two nodes without stealing, of which the second one was idle for so many of 100 looks while tasks waited on the
/// first, with tasks of a second.
std::vector<node_report> unequal_nodes(int idle_looks) {
  std::vector<node_report> nodes(2);
  for (node_report& node : nodes) {
    node.work = {.running_seconds = 100, .created = 100, .executed = 100, .workers = {{}}};
    node.work.workers[0].done.executed = 100;
    node.cpu_seconds = 100;
    node.first_sharer = &node == &nodes[0] ? 0 : 1;
  }
  for (int i = 0; i < 100; ++i) {
    nodes[0].load.add(0, 5);
    nodes[1].load.add(i < idle_looks ? 1 : 0, 0);
  }
  return nodes;
}

TEST(closing_report, of_nothing_still_names_the_nodes) {
  EXPECT_THAT(closing_report(2).lines(false),
              ElementsAre("node[0]: created=0, executed=0", "node[1]: created=0, executed=0"));
}

TEST(closing_report, has_one_hint_of_each_kind_the_clearest_first) {
  closing_report report(2);
  report.add(unequal_nodes(50), false);
  report.add(unequal_nodes(60), false);
  auto overrun = unequal_nodes(80);
  overrun[0].overrun_ns = overrun[0].longest_overrun_ns = 50'000'000'000;
  report.add(overrun, false);
  EXPECT_THAT(report.lines(false),
              ElementsAre("node[0]: created=300, executed=300", "node[1]: created=300, executed=300",
                          HasSubstr("hint: bodies went on after their timeout"),
                          HasSubstr("hint: 25 % of the workers' time was idle")));
}

TEST(closing_report, has_three_hints_at_most) {
  closing_report report(2);
  auto nodes = unequal_nodes(50);
  nodes[0].overrun_ns = nodes[0].longest_overrun_ns = 50'000'000'000;
  for (node_report& node : nodes) {
    node.first_sharer = 0;
    node.cores = 1;
    node.cpu_seconds = 50;
  }
  ASSERT_EQ(torc::report::hints_for(nodes, false).size(), 3U);
  report.add(nodes, false);
  for (node_report& node : nodes) node.work.created = node.work.executed = 1'000'000'000;
  ASSERT_TRUE(
      torc::report::hints_for(nodes, false).contains(torc::report::hint_kind::tasks_that_cost_more_than_they_do));
  report.add(nodes, false);
  EXPECT_EQ(report.lines(false).size(), 2U + 3U);
}

}  // namespace
