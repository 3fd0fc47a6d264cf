// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors
#include <gtest/gtest.h>

#include "unit_tests/protocol/stealing.hpp"

/// Stealing where some nodes have execution spaces that others lack.
namespace {

using namespace tests;  // NOLINT(google-build-using-namespace): short names make the exchanges readable

/// With three workers and the spaces 1 and 2; all others have space 2, and node 3 has space 1.
bare_node::settings with_devices() {
  bare_node::settings chosen;
  chosen.workers = 3;
  chosen.spaces = 6;
  chosen.with_space = {{}, {self, three}, {self, one, two, three}};
  return chosen;
}

TEST(device_stealing, a_thief_says_what_it_wants_work_for) {
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

TEST(device_stealing, for_a_device_it_asks_only_nodes_with_its_space) {
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

TEST(device_stealing, lifelines_are_told_what_the_thief_starves_for) {
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

TEST(device_stealing, the_victim_goes_by_what_it_was_told_last) {
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
  EXPECT_FALSE(here.watched);
}

TEST(device_stealing, the_victim_watches_for_what_is_wanted) {
  bare_node here;
  message for_device = lifeline;
  for_device.workers = 0;
  for_device.id = 2;
  here.get(one, for_device);
  EXPECT_EQ(here.watched, (torc::protocol::demand{.spaces = 2}));
  for_device.id = 4;
  here.get(two, for_device);
  EXPECT_EQ(here.watched, (torc::protocol::demand{.spaces = 6}));
  here.get(three, lifeline);
  EXPECT_EQ(here.watched, (torc::protocol::demand{.is_for_workers = true, .spaces = 6}));
  here.node.set_stealing(false);
  EXPECT_EQ(here.watched, torc::protocol::demand{});
}

TEST(device_stealing, gifts_may_cross_what_lifelines_are_told_later) {
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

TEST(device_stealing, asks_for_what_starves_later_though_it_is_quiet_about_the_rest) {
  bare_node here(with_devices());
  refuse_all(here);
  here.sent.clear();
  here.starving_spaces = 4;
  here.node.starving({});
  ASSERT_EQ(here.count(message_kind::steal_request), 1U);
  EXPECT_EQ(here.next().what.id, 4U);
}

TEST(device_stealing, only_what_has_found_something_asks_anew) {
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

TEST(device_stealing, a_device_does_not_ask_anew_when_workers_have_found_something) {
  bare_node here(with_devices());
  here.starves = false;
  here.starving_spaces = 4;
  refuse_all(here);
  here.sent.clear();
  here.node.starving({.workers = 1});
  EXPECT_TRUE(here.sent.empty());
}

TEST(device_stealing, a_victim_gives_device_tasks_to_those_who_have_the_space) {
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

TEST(device_stealing, surplus_that_needs_a_space_passes_by_thieves_without_it) {
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

TEST(device_stealing, surplus_that_needs_a_worker_and_a_space_goes_to_who_has_both) {
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
