// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors
#include "core/report/node_state.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <utility>
#include <vector>

namespace {

using testing::AllOf;
using testing::Contains;
using testing::EndsWith;
using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;
using torc::base::node_id;
using torc::report::describe;
using torc::report::node_state;
using torc::sched::awaited_task;
using torc::sched::suspended_state;
using torc::sched::wait_kind;
using torc::sched::worker_state;
using namespace std::chrono_literals;

torc::task::naming named(std::string name) {
  torc::task::naming made;
  made.given = std::move(name);
  return made;
}

node_state bare() {
  node_state found;
  found.node = node_id{3};
  found.host = "h7";
  found.pid = 4711;
  found.running = 12.25s;
  return found;
}

suspended_state waiting_for(wait_kind what) {
  suspended_state one;
  one.task = named("parent");
  one.thread = "worker 2";
  one.waits_for = what;
  return one;
}

node_state with(suspended_state one) {
  node_state found = bare();
  found.threads.num_suspended = 1;
  found.threads.suspended.push_back(std::move(one));
  return found;
}

TEST(node_state, begins_with_the_node_its_host_and_its_process) {
  const auto lines = describe(bare());
  ASSERT_EQ(lines.size(), 1U);
  EXPECT_EQ(lines.front(), "node 3: state, on h7 (pid 4711), 12 s after the primary task began");
}

TEST(node_state, each_line_names_the_node) {
  node_state found = bare();
  found.threads.workers.resize(3);
  found.traffic.emplace();
  for (const std::string& line : describe(found)) EXPECT_THAT(line, StartsWith("node 3: "));
}

TEST(node_state, a_worker_tells_what_it_runs_and_what_it_keeps) {
  node_state found = bare();
  worker_state& one = found.threads.workers.emplace_back();
  one.name = "worker 6";
  one.doing = worker_state::activity::runs;
  one.task = named("long one");
  one.since = 3250ms;
  one.num_nested = 2;
  one.oldest_nested.push_back(named("inner"));
  one.pinned.size = 1;
  one.pinned.first.push_back(named("bound"));
  EXPECT_THAT(
      describe(found),
      Contains("node 3:   worker 6 runs 'long one' (for at least 3.2 s); 2 nested tasks in its own queue, the oldest "
               "'inner'; for it alone: 1 task, the oldest 'bound'"));
}

TEST(node_state, idle_workers_are_told_from_those_that_sleep) {
  node_state found = bare();
  for (const auto doing : {worker_state::activity::searches, worker_state::activity::sleeps}) {
    worker_state& one = found.threads.workers.emplace_back();
    one.name = "worker";
    one.doing = doing;
    one.since = 500ms;
  }
  EXPECT_THAT(describe(found), AllOf(Contains(EndsWith("worker is idle (for 0.5 s)")),
                                     Contains(EndsWith("worker is idle (for 0.5 s), asleep"))));
}

TEST(node_state, a_queue_whose_lock_is_held_says_so) {
  node_state found = bare();
  found.threads.rest.size = 5;
  found.threads.rest.is_known = false;
  found.threads.are_limits_known = false;
  found.threads.are_gangs_known = false;
  EXPECT_THAT(describe(found), AllOf(Contains(HasSubstr("5 tasks (not to be seen, its lock is held)")),
                                     Contains(HasSubstr("limits: not to be seen")),
                                     Contains(HasSubstr("tasks with cores: not to be seen"))));
}

TEST(node_state, a_suspended_task_tells_where_its_children_are) {
  suspended_state one = waiting_for(wait_kind::children);
  one.since = 60s;
  one.num_missing = 6;
  one.missing = {{.task = named("a"), .where = awaited_task::place::runs, .thread = "worker 3"},
                 {.task = named("b"), .where = awaited_task::place::elsewhere, .thread = {}, .node = node_id{9}},
                 {.task = named("c"), .where = awaited_task::place::queued, .thread = {}},
                 {.task = named("d"), .where = awaited_task::place::suspended, .thread = "worker 4"}};
  EXPECT_THAT(
      describe(with(one)),
      Contains(
          "node 3:   'parent' on worker 2 waits (for at least 60 s) for 6 children: 'a' (runs on worker 3), 'b' (at "
          "node 9), 'c' (queued here), 'd' (suspended on worker 4), ..."));
}

TEST(node_state, every_cause_of_a_wait_has_its_words) {
  const std::vector<std::pair<wait_kind, std::string>> words = {{wait_kind::children, "waits for 0 children"},
                                                                {wait_kind::futures, "waits for 0 futures"},
                                                                {wait_kind::map, "its map"},
                                                                {wait_kind::device, "its device"},
                                                                {wait_kind::slot, "its slot"},
                                                                {wait_kind::cores, "its cores"},
                                                                {wait_kind::spmd, "run an spmd"},
                                                                {wait_kind::cancel, "cancelled"},
                                                                {wait_kind::broadcast, "a broadcast value"},
                                                                {wait_kind::others, "end of the session"},
                                                                {wait_kind::turn, "it polls"},
                                                                {wait_kind::message, "a message"}};
  for (const auto& [kind, word] : words) EXPECT_THAT(describe(with(waiting_for(kind))), Contains(HasSubstr(word)));
}

TEST(node_state, what_could_go_on_waits_for_its_worker_alone) {
  suspended_state one = waiting_for(wait_kind::children);
  one.is_ready = true;
  EXPECT_THAT(describe(with(one)), Contains("node 3:   'parent' could go on, and waits only for worker 2"));
}

TEST(node_state, those_that_wait_for_the_same_are_one_line) {
  node_state found = bare();
  found.threads.suspended.assign(1000, waiting_for(wait_kind::map));
  found.threads.num_suspended = 2500;
  const auto lines = describe(found);
  EXPECT_THAT(lines, AllOf(Contains(EndsWith("'parent' on worker 2 waits for the elements of its map (1000 such)")),
                           Contains(EndsWith("and 1500 tasks more suspended"))));
  EXPECT_EQ(lines.size(), 3U);
}

TEST(node_state, however_long_a_name_is_it_is_part_of_one_short_line) {
  node_state found = bare();
  worker_state& one = found.threads.workers.emplace_back();
  one.doing = worker_state::activity::runs;
  one.task = named("first\nTORC: node 0: second" + std::string(5000, 'x'));
  const auto lines = describe(found);
  ASSERT_EQ(lines.size(), 2U);
  EXPECT_THAT(lines.back(), AllOf(HasSubstr(" runs 'first TORC: node 0: second"), Not(HasSubstr("\n"))));
  EXPECT_LT(lines.back().size(), 200U);
}

TEST(node_state, many_idle_workers_are_one_line) {
  node_state found = bare();
  for (int i = 0; i < 6; ++i) {
    worker_state& one = found.threads.workers.emplace_back();
    one.name = "worker " + std::to_string(i);
    one.doing = worker_state::activity::sleeps;
    one.since = std::chrono::seconds(20 + i);
  }
  found.threads.workers[2].doing = worker_state::activity::runs;
  found.threads.workers[2].task = named("busy");
  found.threads.workers[2].since = 1s;
  const auto lines = describe(found);
  EXPECT_EQ(lines.size(), 3U);
  EXPECT_THAT(
      lines,
      Contains(EndsWith("5 workers are idle (for 20 s or longer): worker 0, worker 1, worker 3, worker 4, worker 5")));
}

TEST(node_state, those_that_wait_for_the_same_are_one_line_whenever_they_began) {
  node_state found = bare();
  for (const auto age : {2s, 9s, 4s}) {
    suspended_state one = waiting_for(wait_kind::map);
    one.since = age;
    found.threads.suspended.push_back(one);
  }
  found.threads.num_suspended = 3;
  EXPECT_THAT(describe(found),
              Contains(EndsWith(
                  "'parent' on worker 2 waits (the longest for at least 9.0 s) for the elements of its map (3 such)")));
}

TEST(node_state, tells_who_has_units_of_a_limit_and_who_needs_some) {
  node_state found = bare();
  worker_state& holder = found.threads.workers.emplace_back();
  holder.name = "worker 1";
  holder.doing = worker_state::activity::runs;
  holder.task = named("holder");
  holder.held = {.limit = "licence", .count = 2};
  suspended_state one = waiting_for(wait_kind::children);
  one.num_missing = 1;
  one.missing = {{.task = named("late"), .where = awaited_task::place::queued, .thread = {}, .limit = "licence"}};
  found.threads.suspended.push_back(one);
  EXPECT_THAT(describe(found),
              AllOf(Contains(EndsWith("worker 1 runs 'holder' (for at least 0.0 s), with 2 units of limit 'licence'")),
                    Contains(EndsWith("waits for 1 child: 'late' (queued here, needs limit 'licence')"))));
}

TEST(node_state, a_thread_that_runs_no_task_tells_what_it_waits_for) {
  node_state found = bare();
  suspended_state& one = found.threads.threads.emplace_back();
  one.thread = "thread 815";
  one.since = 30s;
  one.waits_for = wait_kind::futures;
  one.num_missing = 1;
  one.missing = {{.task = named("stuck"), .where = awaited_task::place::elsewhere, .thread = {}, .node = node_id{2}}};
  EXPECT_THAT(describe(found), Contains(EndsWith("thread 815, which runs no task, waits (for 30 s) for 1 future: "
                                                 "'stuck' (at node 2)")));
}

TEST(node_state, a_body_that_runs_for_long_brings_a_hint) {
  node_state found = bare();
  worker_state& one = found.threads.workers.emplace_back();
  one.doing = worker_state::activity::runs;
  one.task = named("long one");
  one.since = 9s;
  const auto has_hint = Contains(HasSubstr("a body holds its worker until it returns"));
  EXPECT_THAT(describe(found), Not(has_hint));
  one.since = 10s;
  EXPECT_THAT(describe(found), has_hint);
  one.is_primary = true;
  EXPECT_THAT(describe(found), Not(has_hint));
}

TEST(node_state, slots_that_nobody_uses_are_not_told_of) {
  node_state found = bare();
  found.threads.slots.push_back({.space = 0, .num_free = 1, .waiting = {}});
  EXPECT_EQ(describe(found).size(), 1U);
  found.threads.slots.front().num_taken = 1;
  EXPECT_EQ(describe(found).size(), 2U);
}

TEST(node_state, a_role_that_is_held_names_its_holder) {
  node_state found = bare();
  found.traffic.emplace().role_holder = "worker 1";
  found.traffic->since_last_turn = 20s;
  EXPECT_THAT(describe(found), Contains(EndsWith("progress: its role could not be had, worker 1 has it; the last turn "
                                                 "that did anything was 20 s ago")));
}

TEST(node_state, tells_what_there_is_with_other_nodes) {
  node_state found = bare();
  torc::protocol::state& node = found.traffic.emplace().node.emplace();
  node.peers.push_back({.node = node_id{1},
                        .num_away = 2,
                        .num_guests = 1,
                        .num_waiting = 4,
                        .num_limited = 3,
                        .is_asked_for_credit = true,
                        .credit_bytes = 9});
  node.lifelines = {node_id{4}, node_id{7}};
  node.asked_for_work = node_id{5};
  node.waiting_thieves = {node_id{6}};
  const auto lines = describe(found);
  EXPECT_THAT(lines, Contains(EndsWith(
                         "node 1 holds 2 tasks of ours, has 1 task here, is to get 4 tasks that wait for "
                         "room there, which was asked for, is to get 3 tasks with a limit that wait for places there; "
                         "credit there: 9 bytes")));
  EXPECT_THAT(lines, Contains(EndsWith("waits for work at its lifelines: nodes 4, 7")));
  EXPECT_THAT(lines, Contains(EndsWith("has asked node 5 for work")));
  EXPECT_THAT(lines, Contains(EndsWith("is to give work to: nodes 6")));
  EXPECT_THAT(lines, Not(Contains(HasSubstr("spmd"))));
}

}  // namespace
