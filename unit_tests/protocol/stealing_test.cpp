// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors
#include <gtest/gtest.h>

#include "unit_tests/protocol/stealing.hpp"

namespace {

using namespace tests;  // NOLINT(google-build-using-namespace): short names make the exchanges readable

TEST(stealing, has_one_request_at_a_time) {
  bare_node here;
  here.node.starving({});
  here.node.starving({});
  EXPECT_EQ(here.sent.size(), 1U);
  EXPECT_EQ(here.sent[0].what.kind, message_kind::steal_request);
}

TEST(stealing, refused_thief_goes_to_its_lifelines_and_is_quiet) {
  bare_node here;
  refuse_all(here);
  EXPECT_EQ(here.count(message_kind::lifeline), 2U);  // nodes 1 and 2
  EXPECT_EQ(here.next().to, one);
  EXPECT_EQ(here.next().to, two);
  here.node.starving({});
  EXPECT_TRUE(here.sent.empty());
}

TEST(stealing, asks_anew_after_something_has_begun_but_registers_once) {
  bare_node here;
  refuse_all(here);
  here.sent.clear();
  here.node.starving({.workers = 1});
  EXPECT_EQ(here.count(message_kind::steal_request), 1U);
  here.get(here.next().to, refusal);
  while (here.count(message_kind::steal_request) > 0) here.get(here.next().to, refusal);
  EXPECT_EQ(here.count(message_kind::lifeline), 0U);
}

TEST(stealing, registers_again_after_a_gift_of_which_nothing_began) {
  bare_node here;
  refuse_all(here);
  here.sent.clear();
  here.get(two, {.kind = message_kind::gift, .value = 1});
  refuse_all(here);
  EXPECT_EQ(here.count(message_kind::lifeline), 1U);
  EXPECT_EQ(here.next().to, two);
}

TEST(stealing, does_not_ask_on_when_work_has_come) {
  bare_node here;
  here.node.starving({});
  here.starves = false;
  here.get(here.next().to, refusal);
  EXPECT_TRUE(here.sent.empty());
}

TEST(stealing, does_not_ask_while_it_is_off) {
  bare_node::settings off;
  off.is_stealing = false;
  bare_node here(off);
  here.node.starving({});
  EXPECT_TRUE(here.sent.empty());
  here.node.set_stealing(true);
  here.sent.clear();
  here.node.starving({});
  EXPECT_EQ(here.count(message_kind::steal_request), 1U);
}

TEST(stealing, victim_sends_tasks_and_then_their_number) {
  bare_node here;
  here.to_give = {task_ref{1}, task_ref{2}, task_ref{3}, task_ref{4}};
  here.get(two, request);
  EXPECT_EQ(here.count(message_kind::task), 2U);
  EXPECT_EQ(here.sent[0].what.flags, flags::movable | flags::stolen);
  EXPECT_EQ(here.sent.back().what.kind, message_kind::steal_reply);
  EXPECT_EQ(here.sent.back().what.value, 2U);
  EXPECT_EQ(here.node.num_away(), 2U);
}

TEST(stealing, victim_refuses_while_it_is_off) {
  bare_node here;
  here.node.set_stealing(false);
  here.sent.clear();
  here.to_give = {task_ref{1}};
  here.get(two, request);
  EXPECT_EQ(here.next().what.value, 0U);
}

TEST(stealing, victim_hands_guests_on_and_gives_their_credit_back) {
  bare_node here;
  here.guests_to_give = {here.get_task(one, 9, flags::movable, 44)};
  here.get(two, request);
  const auto given = here.next();
  EXPECT_EQ(given.to, two);
  EXPECT_EQ(given.what.home, one);
  EXPECT_EQ(given.what.id, 9U);
  EXPECT_EQ(given.what.hops, 1U);
  const auto credit = here.next();
  EXPECT_EQ(credit.to, one);
  EXPECT_EQ(credit.what.kind, message_kind::credit);
  EXPECT_EQ(credit.what.value, 300U);
  EXPECT_EQ(here.node.num_guests(), 0U);
}

TEST(stealing, victim_gives_half_of_what_waits_for_credit_beginning_with_the_thiefs_own) {
  bare_node here;
  here.task_bytes = 2000;
  for (std::uintptr_t i = 1; i <= 3; ++i) here.node.place(task_ref{i}, one, flags::movable);
  for (std::uintptr_t i = 4; i <= 6; ++i) here.node.place(task_ref{i}, two, flags::movable);
  here.sent.clear();
  here.departed.clear();
  here.get(two, request);
  EXPECT_EQ(here.departed, (std::vector{task_ref{5}, task_ref{6}}));
  EXPECT_EQ(here.count(message_kind::task), 3U) << "the fourth had been encoded before";
  EXPECT_EQ(here.node.num_waiting(), 3U);
}

TEST(stealing, victim_counts_what_waits_for_places_not_among_what_waits_for_credit) {
  bare_node here;
  here.task_bytes = 2000;
  for (std::uintptr_t i = 1; i <= 4; ++i)
    here.node.place(task_ref{i}, one, static_cast<std::uint8_t>(flags::movable | flags::limited), 0);
  for (std::uintptr_t i = 5; i <= 8; ++i) here.node.place(task_ref{i}, two, flags::movable);
  const std::size_t before = here.node.num_waiting();
  here.sent.clear();
  here.departed.clear();
  here.get(two, request);
  EXPECT_EQ(before, 8U);
  EXPECT_EQ(here.count(message_kind::task), 2U);
}

TEST(stealing, never_gives_what_is_pinned_while_it_waits_for_credit) {
  bare_node here;
  here.task_bytes = 2000;
  for (std::uintptr_t i = 1; i <= 3; ++i) here.node.place(task_ref{i}, one, 0);
  here.sent.clear();
  here.get(two, request);
  EXPECT_EQ(here.next().what.value, 0U);
}

TEST(stealing, keeps_what_waits_for_credit_when_its_own_workers_starve) {
  bare_node::settings wide;
  wide.workers = 2;
  bare_node here(wide);
  here.task_bytes = 2000;
  for (std::uintptr_t i = 1; i <= 5; ++i) here.node.place(task_ref{i}, one, flags::movable);
  here.node.starving({});
  EXPECT_EQ(here.kept, (std::vector{task_ref{1}, task_ref{2}}));
  EXPECT_EQ(here.node.num_waiting(), 3U);
}

TEST(stealing, leaves_what_waits_for_credit_where_it_is_when_only_devices_starve) {
  bare_node here;
  here.task_bytes = 2000;
  for (std::uintptr_t i = 1; i <= 5; ++i) here.node.place(task_ref{i}, one, flags::movable);
  here.starves = false;
  here.starving_spaces = 1;
  here.node.starving({});
  EXPECT_TRUE(here.kept.empty());
}

TEST(stealing, pushes_to_a_lifeline_as_soon_as_there_is_something) {
  bare_node here;
  here.get(three, lifeline);
  EXPECT_TRUE(here.watched);
  EXPECT_TRUE(here.sent.empty());
  here.to_give = {task_ref{1}};
  here.node.surplus();
  EXPECT_EQ(here.next().what.kind, message_kind::task);
  const auto gift = here.next();
  EXPECT_EQ(gift.to, three);
  EXPECT_EQ(gift.what.kind, message_kind::gift);
  EXPECT_EQ(gift.what.value, 1U);
  EXPECT_FALSE(here.watched);
}

TEST(stealing, pushes_to_the_next_hungry_one_what_is_too_wide_for_the_first) {
  bare_node here;
  here.get(three, lifeline);
  message wide = lifeline;
  wide.workers = 4;
  here.get(two, wide);
  here.cores_needed = 2;
  here.to_give = {task_ref{1}};
  here.node.surplus();
  EXPECT_EQ(here.next().to, two);
  EXPECT_EQ(here.next().to, two);
  EXPECT_TRUE(here.watched) << "the first one still waits";
}

TEST(stealing, hungry_ones_stay_registered_while_it_is_off) {
  bare_node here;
  here.get(three, lifeline);
  here.node.set_stealing(false);
  EXPECT_FALSE(here.watched);
  here.to_give = {task_ref{1}};
  here.sent.clear();
  here.node.surplus();
  EXPECT_TRUE(here.sent.empty());
  here.node.set_stealing(true);
  EXPECT_EQ(here.count(message_kind::gift), 1U);
}

TEST(stealing, decisions_are_node_0s_and_the_last_one_holds) {
  bare_node root;
  root.get(three, {.kind = message_kind::set_stealing, .value = 0});
  EXPECT_FALSE(root.node.is_stealing());
  EXPECT_EQ(root.count(message_kind::set_stealing), 2U);
  EXPECT_EQ(root.sent[0].what.id, 1U);

  bare_node::settings elsewhere;
  bare_node here(elsewhere.on(one));
  here.node.set_stealing(false);
  EXPECT_FALSE(here.node.is_stealing()) << "at once";
  EXPECT_EQ(here.next().to, self);
  here.get(self, {.kind = message_kind::set_stealing, .id = 1, .value = 1});
  here.get(self, {.kind = message_kind::set_stealing, .id = 2, .value = 0});
  EXPECT_FALSE(here.node.is_stealing());
  EXPECT_EQ(here.news, (std::vector<std::string>{"no stealing", "stealing", "no stealing"}));
  EXPECT_EQ(here.next().to, three) << "its child in the tree";
}

TEST(stealing, answers_when_all_that_is_given_is_encoded) {
  bare_node here;
  here.encodes_at_once = false;
  here.to_give = {task_ref{1}, task_ref{2}, task_ref{3}, task_ref{4}};
  here.get(one, {.kind = message_kind::steal_request, .workers = 1, .value = 1 << 20});
  ASSERT_EQ(here.preparing.size(), 2U);
  EXPECT_TRUE(here.sent.empty());
  here.node.prepared(here.preparing[1].first, here.preparing[1].second);
  EXPECT_EQ(here.count(message_kind::task), 1U);
  EXPECT_EQ(here.count(message_kind::steal_reply), 0U);
  here.may_depart = false;  // the other one was cancelled meanwhile
  here.node.prepared(here.preparing[0].first, here.preparing[0].second);
  EXPECT_EQ(here.next().what.kind, message_kind::task);
  const auto answer = here.next();
  EXPECT_EQ(answer.what.kind, message_kind::steal_reply);
  EXPECT_EQ(answer.to, one);
  EXPECT_EQ(answer.what.value, 1U);
}

TEST(stealing, does_not_let_thieves_wait_for_what_takes_long_to_be_encoded) {
  bare_node here;
  here.encodes_at_once = false;
  here.to_give = {task_ref{1}, task_ref{2}, task_ref{3}, task_ref{4}};
  const message request{.kind = message_kind::steal_request, .workers = 1, .value = 1 << 20};
  here.get(one, request);
  ASSERT_EQ(here.preparing.size(), 2U);
  here.node.answer_late();
  EXPECT_TRUE(here.sent.empty()) << "perhaps it has only just begun";
  here.node.answer_late();
  EXPECT_EQ(here.next().what.kind, message_kind::steal_reply);
  here.node.answer_late();
  EXPECT_TRUE(here.sent.empty());
  here.get(one, request);
  EXPECT_EQ(here.next().what.value, 0U);
  here.get(one, {.kind = message_kind::lifeline, .workers = 1, .value = 1 << 20});
  ASSERT_EQ(here.preparing.size(), 2U) << "it gets something first, and the workers here are not to starve";
  here.get(two, request);
  ASSERT_EQ(here.preparing.size(), 3U);

  here.node.prepared(here.preparing[0].first, here.preparing[0].second);
  EXPECT_EQ(here.next().what.kind, message_kind::task);
  EXPECT_EQ(here.preparing.size(), 3U);
  here.node.prepared(here.preparing[1].first, here.preparing[1].second);
  EXPECT_EQ(here.next().what.kind, message_kind::task);
  EXPECT_TRUE(here.sent.empty()) << "it has been answered";
  ASSERT_EQ(here.preparing.size(), 4U) << "now it may have more";
  here.node.answer_late();
  here.node.answer_late();
  EXPECT_EQ(here.count(message_kind::steal_reply), 1U);
  EXPECT_EQ(here.count(message_kind::gift), 1U);
  here.sent.clear();
  here.node.prepared(here.preparing[2].first, here.preparing[2].second);
  here.node.prepared(here.preparing[3].first, here.preparing[3].second);
  EXPECT_EQ(here.count(message_kind::task), 2U);
  EXPECT_EQ(here.sent.size(), 2U);
}

TEST(stealing, keeps_what_is_encoded_after_it_was_switched_off) {
  bare_node here;
  here.encodes_at_once = false;
  here.to_give = {task_ref{1}};
  here.get(one, {.kind = message_kind::steal_request, .workers = 1, .value = 1 << 20});
  here.node.set_stealing(false);
  here.sent.clear();
  here.node.prepared(here.preparing.at(0).first, here.preparing.at(0).second);
  EXPECT_EQ(here.kept, (std::vector{task_ref{1}}));
  EXPECT_EQ(here.count(message_kind::task), 0U);
  EXPECT_EQ(here.next().what.kind, message_kind::steal_reply);
}

}  // namespace
