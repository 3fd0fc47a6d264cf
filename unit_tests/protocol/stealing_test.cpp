// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors
#include <gtest/gtest.h>

#include "unit_tests/protocol/bare_node.hpp"

namespace {

using namespace tests;  // NOLINT(google-build-using-namespace): short names make the exchanges readable

const message request{.kind = message_kind::steal_request, .workers = 1, .value = 10'000};
const message lifeline{.kind = message_kind::lifeline, .workers = 1, .value = 10'000};
const message refusal{.kind = message_kind::steal_reply};

/// Refuses whatever the node asks, until it is quiet.
void refuse_all(bare_node& here) {
  here.node.starving({});
  while (here.count(message_kind::steal_request) > 0) {
    const auto asked = here.next();
    if (asked.what.kind == message_kind::steal_request) here.get(asked.to, refusal);
  }
}

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

TEST(stealing, victim_gives_half_of_what_waits_for_room_beginning_with_the_thiefs_own) {
  bare_node here;
  here.task_bytes = 2000;
  for (std::uintptr_t i = 1; i <= 3; ++i) here.node.place(task_ref{i}, one, flags::movable);
  for (std::uintptr_t i = 4; i <= 6; ++i) here.node.place(task_ref{i}, two, flags::movable);
  here.sent.clear();
  here.departed.clear();
  here.get(two, request);
  EXPECT_EQ(here.departed, (std::vector{task_ref{5}, task_ref{6}}));
  EXPECT_EQ(here.sent.back().what.value, 2U);
  EXPECT_EQ(here.node.num_waiting(), 2U);
}

TEST(stealing, never_gives_what_is_pinned_while_it_waits_for_room) {
  bare_node here;
  here.task_bytes = 2000;
  for (std::uintptr_t i = 1; i <= 3; ++i) here.node.place(task_ref{i}, one, 0);
  here.sent.clear();
  here.get(two, request);
  EXPECT_EQ(here.next().what.value, 0U);
}

TEST(stealing, keeps_what_waits_for_room_when_its_own_workers_starve) {
  bare_node::settings wide;
  wide.workers = 2;
  bare_node here(wide);
  here.task_bytes = 2000;
  for (std::uintptr_t i = 1; i <= 5; ++i) here.node.place(task_ref{i}, one, flags::movable);
  here.node.starving({});
  EXPECT_EQ(here.kept, (std::vector{task_ref{2}, task_ref{3}}));
  EXPECT_EQ(here.node.num_waiting(), 2U);
}

TEST(stealing, pushes_to_a_lifeline_as_soon_as_there_is_something) {
  bare_node here;
  here.get(three, lifeline);
  EXPECT_TRUE(here.is_watching);
  EXPECT_TRUE(here.sent.empty());
  here.to_give = {task_ref{1}};
  here.node.surplus();
  EXPECT_EQ(here.next().what.kind, message_kind::task);
  const auto gift = here.next();
  EXPECT_EQ(gift.to, three);
  EXPECT_EQ(gift.what.kind, message_kind::gift);
  EXPECT_EQ(gift.what.value, 1U);
  EXPECT_FALSE(here.is_watching);
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
  EXPECT_TRUE(here.is_watching) << "the first one still waits";
}

TEST(stealing, hungry_ones_stay_registered_while_it_is_off) {
  bare_node here;
  here.get(three, lifeline);
  here.node.set_stealing(false);
  EXPECT_FALSE(here.is_watching);
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

/// With three workers and the spaces 1 and 2; all others have space 2, and node 3 has space 1.
bare_node::settings with_devices() {
  bare_node::settings chosen;
  chosen.workers = 3;
  chosen.spaces = 6;
  chosen.with_space = {{}, {self, three}, {self, one, two, three}};
  return chosen;
}

TEST(stealing, a_thief_says_what_it_wants_work_for) {
  bare_node here(with_devices());
  here.starves = false;
  here.starving_spaces = 4;
  here.node.starving({});
  const auto for_device = here.next();
  EXPECT_EQ(for_device.what.workers, 0U);
  EXPECT_EQ(for_device.what.id, 4U);
  here.starves = true;
  here.starving_spaces = 0;
  here.get(for_device.to, refusal);
  const auto for_workers = here.next();
  EXPECT_EQ(for_workers.what.workers, 3U);
  EXPECT_EQ(for_workers.what.id, 0U);
}

TEST(stealing, for_a_device_it_asks_only_nodes_with_its_space) {
  bare_node here(with_devices());
  here.starves = false;
  here.starving_spaces = 2;
  here.node.starving({});
  while (here.count(message_kind::steal_request) > 0) {
    const auto asked = here.next();
    EXPECT_EQ(asked.to, three);
    here.get(asked.to, refusal);
  }
  ASSERT_EQ(here.sent.size(), 1U);
  const auto registered = here.next();
  EXPECT_EQ(registered.what.kind, message_kind::lifeline);
  EXPECT_EQ(registered.to, three) << "though the next nodes are one and two, which have nothing for it";
}

TEST(stealing, lifelines_are_told_what_the_thief_starves_for) {
  bare_node here(with_devices());
  here.starves = false;
  here.starving_spaces = 4;
  refuse_all(here);
  EXPECT_EQ(here.count(message_kind::lifeline), 2U);
  const auto for_device = here.next();
  EXPECT_EQ(for_device.what.workers, 0U) << "tasks for busy workers would be passed on for ever";
  EXPECT_EQ(for_device.what.id, 4U);
  here.sent.clear();
  // Then its workers starve too.
  here.starves = true;
  refuse_all(here);
  EXPECT_EQ(here.count(message_kind::lifeline), 2U);
  const auto for_both = here.next();
  EXPECT_EQ(for_both.what.workers, 3U);
  EXPECT_EQ(for_both.what.id, 4U);
}

TEST(stealing, the_victim_goes_by_what_it_was_told_last) {
  bare_node here;
  message for_device = lifeline;
  for_device.workers = 0;
  for_device.id = 2;
  here.to_give = {task_ref{1}};
  here.get(three, for_device);
  EXPECT_TRUE(here.sent.empty());
  message for_both = for_device;
  for_both.workers = 1;
  here.get(three, for_both);
  EXPECT_EQ(here.count(message_kind::task), 1U);
  EXPECT_EQ(here.count(message_kind::gift), 1U);
  EXPECT_FALSE(here.is_watching);
}

TEST(stealing, gifts_may_cross_what_lifelines_are_told_later) {
  bare_node here(with_devices());
  here.starves = false;
  here.starving_spaces = 4;
  refuse_all(here);
  here.starves = true;
  refuse_all(here);
  here.sent.clear();
  here.get(one, {.kind = message_kind::gift, .value = 1});  // for the first
  here.get(one, {.kind = message_kind::gift, .value = 1});  // for the second
  refuse_all(here);
  ASSERT_EQ(here.count(message_kind::lifeline), 1U);
  EXPECT_EQ(here.next().to, one);
}

TEST(stealing, asks_for_what_starves_later_though_it_is_quiet_about_the_rest) {
  bare_node here(with_devices());
  refuse_all(here);
  here.sent.clear();
  here.starving_spaces = 4;
  here.node.starving({});
  ASSERT_EQ(here.count(message_kind::steal_request), 1U);
  EXPECT_EQ(here.next().what.id, 4U);
}

TEST(stealing, only_what_has_found_something_asks_anew) {
  bare_node here(with_devices());
  here.starving_spaces = 4;
  refuse_all(here);
  here.sent.clear();
  // A device that is served while workers starve is no reason to ask for these, nor the other way round.
  here.starving_spaces = 0;
  here.node.starving({.slots = 1});
  EXPECT_TRUE(here.sent.empty());
  here.starves = false;
  here.starving_spaces = 4;
  here.node.starving({.slots = 1});
  EXPECT_EQ(here.count(message_kind::steal_request), 1U) << "its own time has come before";
}

TEST(stealing, a_device_does_not_ask_anew_when_workers_have_found_something) {
  bare_node here(with_devices());
  here.starves = false;
  here.starving_spaces = 4;
  refuse_all(here);
  here.sent.clear();
  here.node.starving({.workers = 1});
  EXPECT_TRUE(here.sent.empty());
}

TEST(stealing, a_victim_gives_device_tasks_to_those_who_have_the_space) {
  bare_node here;
  here.spaces_needed = 2;
  here.to_give = {task_ref{1}, task_ref{2}};
  here.get(one, request);
  EXPECT_EQ(here.next().what.value, 0U);
  here.cores_needed = 0;
  message able = request;
  able.workers = 0;
  able.id = 2;
  here.get(two, able);
  EXPECT_EQ(here.count(message_kind::task), 1U);
  ASSERT_EQ(here.asked_limits.size(), 2U);
  EXPECT_EQ(here.asked_limits[1].workers, 0U);
  EXPECT_EQ(here.asked_limits[1].spaces, 2U);
}

TEST(stealing, surplus_that_needs_a_space_passes_by_thieves_without_it) {
  bare_node here;
  here.get(one, lifeline);
  message able = lifeline;
  able.id = 2;
  here.get(two, able);
  here.spaces_needed = 2;
  here.to_give = {task_ref{1}};
  here.node.surplus();
  const auto given = here.next();
  EXPECT_EQ(given.what.kind, message_kind::task);
  EXPECT_EQ(given.to, two);
}

TEST(stealing, surplus_that_needs_a_worker_and_a_space_goes_to_who_has_both) {
  bare_node here;
  here.get(one, lifeline);
  message for_slots = lifeline;
  for_slots.workers = 0;
  for_slots.id = 2;
  here.get(two, for_slots);
  message able = lifeline;
  able.id = 2;
  here.get(three, able);
  here.spaces_needed = 2;
  here.to_give = {task_ref{1}};
  here.node.surplus();
  EXPECT_EQ(here.next().to, three);
}

}  // namespace
