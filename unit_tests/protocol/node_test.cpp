// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors
#include "core/protocol/node.hpp"

#include <gtest/gtest.h>

#include <limits>

#include "unit_tests/protocol/bare_node.hpp"

namespace {

using namespace tests;  // NOLINT(google-build-using-namespace): short names make the exchanges readable

TEST(node, sends_a_placed_task_at_once_while_there_is_credit) {
  bare_node here;
  here.node.place(task_ref{1}, two, flags::movable);
  const auto sent = here.next();
  EXPECT_EQ(sent.to, two);
  EXPECT_EQ(sent.what.kind, message_kind::task);
  EXPECT_EQ(sent.what.flags, flags::movable);
  EXPECT_EQ(sent.what.home, self);
  EXPECT_EQ(sent.bytes.size(), 100U);
  EXPECT_EQ(here.node.num_away(), 1U);
}

TEST(node, sends_urgent_tasks_without_credit) {
  bare_node here;
  here.task_bytes = 2000;
  here.node.place(task_ref{1}, two, 0);
  here.node.place(task_ref{2}, two, flags::urgent);
  EXPECT_EQ(here.sent.back().what.kind, message_kind::task);
  EXPECT_EQ(here.sent.back().what.flags, flags::urgent);
}

TEST(node, forgets_a_task_that_does_not_depart) {
  bare_node here;
  here.may_depart = false;
  here.node.place(task_ref{1}, two, 0);
  EXPECT_TRUE(here.sent.empty());
  EXPECT_EQ(here.node.num_away(), 0U);
  here.may_depart = true;
  here.task_bytes = 1000 - 256;  // the credit is as it was
  here.node.place(task_ref{2}, two, 0);
  EXPECT_EQ(here.next().what.kind, message_kind::task);
}

TEST(node, answers_for_a_guest_with_result_and_credit) {
  bare_node here;
  const auto guest = here.get_task(two, 77, 0, 44);
  EXPECT_EQ(here.node.num_guests(), 1U);
  here.node.finished(guest, flags::failed, {});
  const auto sent = here.next();
  EXPECT_EQ(sent.to, two);
  EXPECT_EQ(sent.what.kind, message_kind::result);
  EXPECT_EQ(sent.what.flags, flags::failed);
  EXPECT_EQ(sent.what.id, 77U);
  EXPECT_EQ(sent.what.value, 300U);
  EXPECT_EQ(here.node.num_guests(), 0U);
}

TEST(node, completes_a_task_when_its_result_comes) {
  bare_node here;
  here.node.place(task_ref{5}, two, 0);
  here.get(two, {.kind = message_kind::result, .flags = flags::failed, .id = here.next().what.id, .value = 356});
  ASSERT_EQ(here.completions.size(), 1U);
  EXPECT_EQ(here.completions[0].task, task_ref{5});
  EXPECT_EQ(here.completions[0].flags, flags::failed);
  EXPECT_EQ(here.node.num_away(), 0U);
}

TEST(node, tells_the_home_of_a_task_that_it_got_from_elsewhere) {
  bare_node here;
  here.get(three,
           {.kind = message_kind::task, .flags = flags::movable | flags::stolen, .hops = 2, .home = two, .id = 9});
  const auto sent = here.next();
  EXPECT_EQ(sent.to, two);
  EXPECT_EQ(sent.what.kind, message_kind::moved);
  EXPECT_EQ(sent.what.id, 9U);
  EXPECT_EQ(sent.what.hops, 2U);
}

TEST(node, keeps_a_guest_that_was_handed_on_too_often) {
  bare_node here;
  here.get(three, {.kind = message_kind::task,
                   .flags = flags::movable | flags::stolen,
                   .hops = std::numeric_limits<std::uint16_t>::max(),
                   .home = two,
                   .id = 9});
  EXPECT_EQ(here.guests.back().flags & flags::movable, 0);
  EXPECT_TRUE(here.guests.back().stays);
  here.guests_to_give = {here.guests.back().name};
  EXPECT_THROW(here.get(one, {.kind = message_kind::steal_request, .workers = 1, .value = 1000}),
               torc::protocol::violation);
}

TEST(node, runs_its_own_task_that_comes_home_again) {
  bare_node here;
  here.node.place(task_ref{5}, two, flags::movable);
  const auto name = here.next().what.id;
  here.get(two,
           {.kind = message_kind::task, .flags = flags::movable | flags::stolen, .hops = 1, .home = self, .id = name});
  EXPECT_EQ(here.kept, (std::vector{task_ref{5}}));
  EXPECT_EQ(here.node.num_away(), 0U);
  EXPECT_EQ(here.node.num_guests(), 0U);
}

TEST(node, passes_broadcasts_on_along_the_tree_of_their_root) {
  bare_node::settings of_seven;
  bare_node here(of_seven.of(7));
  EXPECT_EQ(here.node.broadcast({}), 0U);
  EXPECT_EQ(here.node.broadcast({}), 1U);
  EXPECT_EQ(here.sent.size(), 4U);
  here.sent.clear();
  // From node 5, node 0 is at place 2: its parent is 5, its children stand at 5 and 6: nodes 3 and 4.
  here.get(node_id{5}, {.kind = message_kind::broadcast, .home = node_id{5}, .id = 3}, 40);
  const auto first = here.next();
  EXPECT_EQ(first.to, three);
  EXPECT_EQ(first.bytes.size(), 40U);
  EXPECT_EQ(here.next().to, four);
  here.get(node_id{5}, {.kind = message_kind::forget, .home = node_id{5}, .id = 3});
  EXPECT_EQ(here.count(message_kind::forget), 2U);
  EXPECT_EQ(here.news, (std::vector<std::string>{"broadcast", "forgotten"}));
}

TEST(node, tasks_for_one_receiver_pass_one_that_takes_long_to_be_encoded) {
  bare_node here;
  here.encodes_at_once = false;
  for (std::uintptr_t i = 1; i <= 20; ++i) here.node.place(task_ref{i}, one, flags::movable);
  ASSERT_EQ(here.preparing.size(), 8U) << "no more are encoded than are soon sent";
  EXPECT_TRUE(here.node.is_backlogged(one));
  const auto peers = here.node.look().peers;
  ASSERT_EQ(peers.size(), 1U);
  EXPECT_EQ(peers.front().num_waiting, 20U) << "those that are being encoded too";
  // The first one takes until the end. Each has 100 bytes and an overhead: there is credit for three, then for two
  // more.
  const auto prepare = [&](std::size_t i) {
    here.node.prepared(here.preparing.at(i).first, here.preparing.at(i).second);
  };
  for (std::size_t i = 1; i < 8; ++i) prepare(i);
  EXPECT_EQ(here.departed, (std::vector{task_ref{2}, task_ref{3}, task_ref{4}}));
  here.get(one, {.kind = message_kind::credit, .value = 712});
  EXPECT_EQ(here.departed, (std::vector{task_ref{2}, task_ref{3}, task_ref{4}, task_ref{5}, task_ref{6}}));
  EXPECT_EQ(here.preparing.size(), 12U) << "one more for each that has found credit, or waits as the next for it";
  prepare(0);
  here.get(one, {.kind = message_kind::credit, .value = 1068});
  EXPECT_EQ(here.departed.back(), task_ref{1});
}

}  // namespace
