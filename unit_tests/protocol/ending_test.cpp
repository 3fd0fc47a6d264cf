// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors
#include <gtest/gtest.h>

#include "unit_tests/protocol/bare_node.hpp"

namespace {

using namespace tests;  // NOLINT(google-build-using-namespace): short names make the exchanges readable

using words = std::vector<std::string>;

message tally(std::uint64_t sent, std::uint64_t received) {
  return {.kind = message_kind::tally, .id = received, .value = sent};
}

TEST(ending, of_a_single_node_needs_nobody_else) {
  bare_node::settings alone;
  bare_node here(alone.of(1));
  here.node.shutdown(3);
  EXPECT_EQ(here.news, (words{"shutdown 3"}));
  here.node.drained();
  EXPECT_EQ(here.news, (words{"shutdown 3", "ended"}));
  EXPECT_TRUE(here.node.has_ended());
}

TEST(ending, takes_two_rounds_of_the_same_sums) {
  bare_node here;
  here.node.shutdown(0);
  here.sent.clear();
  here.node.drained();
  here.get(one, tally(5, 5));
  EXPECT_TRUE(here.sent.empty()) << "one more child";
  here.get(two, tally(3, 3));
  EXPECT_EQ(here.count(message_kind::tally_request), 2U);
  here.sent.clear();
  here.get(one, tally(5, 5));
  here.get(two, tally(3, 3));
  EXPECT_EQ(here.count(message_kind::end), 2U);
  EXPECT_TRUE(here.node.has_ended());
}

TEST(ending, goes_on_while_sums_change_or_something_is_under_way) {
  bare_node here;
  here.node.shutdown(0);
  here.node.drained();
  for (const auto& [sent, received] : {std::pair{5U, 5U}, {6U, 6U}, {7U, 6U}, {7U, 6U}, {7U, 7U}}) {
    here.get(one, tally(sent, received));
    here.get(two, tally(0, 0));
    EXPECT_FALSE(here.node.has_ended());
  }
  here.get(one, tally(7, 7));
  here.get(two, tally(0, 0));
  EXPECT_TRUE(here.node.has_ended());
}

TEST(ending, waits_until_the_node_is_drained_and_its_request_is_answered) {
  bare_node::settings leaf;
  bare_node here(leaf.on(two));
  here.node.starving({});
  const node_id victim = here.next().to;
  here.get(self, {.kind = message_kind::shutdown, .value = 1});
  EXPECT_TRUE(here.sent.empty());
  here.node.drained();
  EXPECT_TRUE(here.sent.empty());
  here.get(victim, {.kind = message_kind::steal_reply});
  const auto sums = here.next();
  EXPECT_EQ(sums.to, self);
  EXPECT_EQ(sums.what.kind, message_kind::tally);
  EXPECT_EQ(sums.what.value, 1U);
  EXPECT_EQ(sums.what.id, 1U);
}

TEST(ending, neither_steals_nor_gives_any_more) {
  bare_node here;
  here.get(three, {.kind = message_kind::lifeline, .workers = 1, .value = 1000});
  here.node.shutdown(0);
  here.sent.clear();
  EXPECT_FALSE(here.watched);
  here.to_give = {task_ref{1}};
  here.node.starving({});
  here.node.surplus();
  EXPECT_TRUE(here.sent.empty());
  here.get(two, {.kind = message_kind::steal_request, .workers = 1, .value = 1000});
  EXPECT_EQ(here.next().what.value, 0U);
}

TEST(ending, sends_nothing_on_its_own_account_after_it_has_counted) {
  bare_node::settings leaf;
  bare_node here(leaf.on(two));
  const auto value = here.node.broadcast({});
  here.get(self, {.kind = message_kind::shutdown});
  here.node.drained();
  here.sent.clear();
  here.node.forget(value);
  here.node.set_stealing(false);
  EXPECT_TRUE(here.sent.empty());
}

TEST(ending, spmds_have_their_turns_one_after_the_other) {
  bare_node here;
  here.get(two, {.kind = message_kind::spmd_acquire});
  EXPECT_EQ(here.next().to, two);
  here.node.acquire_spmd();
  here.get(three, {.kind = message_kind::spmd_acquire});
  EXPECT_TRUE(here.news.empty());
  here.get(two, {.kind = message_kind::spmd_release});
  EXPECT_EQ(here.news, (words{"spmd"}));
  EXPECT_TRUE(here.sent.empty());
  here.node.release_spmd();
  const auto grant = here.next();
  EXPECT_EQ(grant.to, three);
  EXPECT_EQ(grant.what.kind, message_kind::spmd_grant);
}

TEST(ending, spmds_of_other_nodes_are_granted_by_node_0) {
  bare_node::settings elsewhere;
  bare_node here(elsewhere.on(two));
  here.node.acquire_spmd();
  EXPECT_EQ(here.next().what.kind, message_kind::spmd_acquire);
  here.get(self, {.kind = message_kind::spmd_grant});
  EXPECT_EQ(here.news, (words{"spmd"}));
  here.node.release_spmd();
  EXPECT_EQ(here.next().what.kind, message_kind::spmd_release);
}

TEST(ending, settling_an_spmd_reaches_who_has_failed) {
  bare_node here;
  here.node.settle_spmd(two);
  const auto settled = here.next();
  EXPECT_EQ(settled.to, two);
  EXPECT_EQ(settled.what.kind, message_kind::spmd_settled);
  here.get(three, {.kind = message_kind::spmd_settled});
  EXPECT_EQ(here.news, (words{"settled 3"}));
  EXPECT_TRUE(here.sent.empty());
}

TEST(ending, all_hear_that_the_primary_task_has_returned) {
  bare_node here;
  here.node.announce_return();
  EXPECT_EQ(here.count(message_kind::returned), 2U);
  EXPECT_EQ(here.news, (words{"returned"}));
  bare_node::settings elsewhere;
  bare_node there(elsewhere.on(one));
  there.get(self, {.kind = message_kind::returned});
  EXPECT_EQ(there.next().to, three);
  EXPECT_EQ(there.news, (words{"returned"}));
}

TEST(ending, abandoning_reaches_all) {
  bare_node here;
  here.node.abandon();
  EXPECT_EQ(here.count(message_kind::abandon), 2U);
  bare_node::settings elsewhere;
  bare_node there(elsewhere.on(one));
  there.get(self, {.kind = message_kind::abandon});
  EXPECT_EQ(there.next().to, three);
  EXPECT_EQ(there.news, (words{"abandoned"}));
}

TEST(ending, a_signal_to_any_node_stops_all_once) {
  bare_node::settings elsewhere;
  bare_node there(elsewhere.on(one));
  there.node.stop(15);
  EXPECT_EQ(there.count(message_kind::stop), 1U);
  EXPECT_EQ(there.next().to, self);
  EXPECT_TRUE(there.news.empty()) << "node 0 decides";

  bare_node here;
  here.get(one, {.kind = message_kind::stop, .value = 15});
  EXPECT_EQ(here.news, (words{"wish to stop 15"}));
  here.node.stop(15);
  here.node.stop(2);  // another node's wish
  EXPECT_EQ(here.count(message_kind::stop), 2U);
  EXPECT_EQ(here.news, (words{"wish to stop 15", "stopped 15"}));

  there.get(self, {.kind = message_kind::stop, .value = 15});
  EXPECT_EQ(there.next().to, three);
  EXPECT_EQ(there.news, (words{"stopped 15"}));
  there.node.stop(2);
  EXPECT_EQ(there.count(message_kind::stop), 0U);
}

TEST(ending, all_are_told_once_however_many_nodes_have_had_the_signal) {
  bare_node here;
  here.node.stop(2);
  for (const node_id late : {one, two, three}) {
    here.get(late, {.kind = message_kind::stop, .value = 2});
    here.node.stop(2);
  }
  EXPECT_EQ(here.count(message_kind::stop), 2U) << "to both children";
}

TEST(ending, a_stop_ends_what_waits_for_room_or_places_elsewhere) {
  bare_node here;
  here.task_bytes = 2000;
  here.node.place(task_ref{1}, two, 0);
  here.node.place(task_ref{2}, two, 0);
  here.node.place(task_ref{3}, two, flags::inner);
  here.node.awaited(task_ref{1}, true);
  here.node.place(task_ref{4}, two, flags::limited, 5);
  ASSERT_EQ(here.node.num_waiting(), 4U);
  ASSERT_EQ(here.node.num_away(), 2U) << "it holds what is next";
  here.sent.clear();
  here.may_depart = false;
  here.node.give_up_waiting();
  EXPECT_EQ(here.node.num_waiting(), 0U);
  EXPECT_EQ(here.node.num_away(), 0U);
  ASSERT_EQ(here.completions.size(), 2U);
  for (const auto& over : here.completions) EXPECT_EQ(over.flags, flags::cancelled);
  EXPECT_EQ(here.next().what.kind, message_kind::return_credit);
  here.get(two, {.kind = message_kind::places, .workers = 5, .value = 1});
  EXPECT_EQ(here.next().what.kind, message_kind::return_places);
  EXPECT_TRUE(here.node.are_places_whole());
}

TEST(ending, a_signal_that_comes_while_the_session_ends_stops_nothing) {
  bare_node::settings elsewhere;
  bare_node there(elsewhere.on(one));
  there.get(self, {.kind = message_kind::shutdown});
  there.node.stop(2);
  EXPECT_EQ(there.count(message_kind::stop), 0U);
}

}  // namespace
