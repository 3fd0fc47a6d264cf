// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors
#include <gtest/gtest.h>

#include <cstdint>
#include <vector>

#include "core/protocol/node.hpp"
#include "unit_tests/protocol/stealing.hpp"

namespace {

using namespace tests;  // NOLINT(google-build-using-namespace): short names make the exchanges readable

constexpr std::uint32_t licence = 3;
constexpr std::uint32_t disk = 4;

void place(bare_node& here, std::uintptr_t task, node_id to, std::uint8_t with = flags::movable,
           std::uint32_t limit = licence) {
  here.node.place(task_ref{task}, to, static_cast<std::uint8_t>(with | flags::limited), limit);
}
void grant(bare_node& here, node_id from, std::uint64_t count, std::uint32_t limit = licence) {
  here.get(from, {.kind = message_kind::places, .workers = limit, .value = count});
}
void get_limited(bare_node& here, node_id home, std::uint64_t name, std::uint64_t request = 0) {
  here.get(home,
           {.kind = message_kind::task,
            .flags = flags::limited,
            .home = home,
            .workers = licence,
            .id = name,
            .value = request},
           10);
}
message ask(std::uint64_t count, std::uint32_t limit = licence) {
  return {.kind = message_kind::ask_places, .workers = limit, .value = count};
}

TEST(limited_tasks, wait_at_home_for_a_place_and_are_not_encoded_before) {
  bare_node here;
  place(here, 1, two);
  place(here, 2, two);
  const auto asked = here.next();
  EXPECT_EQ(asked.to, two);
  EXPECT_EQ(asked.what.kind, message_kind::ask_places);
  EXPECT_EQ(asked.what.workers, licence);
  EXPECT_EQ(asked.what.value, 1U);
  EXPECT_EQ(here.next().what.value, 1U);
  EXPECT_TRUE(here.departed.empty());
  EXPECT_EQ(here.node.num_waiting(), 2U);
  EXPECT_EQ(here.node.look().peers.front().num_limited, 2U);
  grant(here, two, 1);
  const auto sent = here.next();
  EXPECT_EQ(sent.what.kind, message_kind::task);
  EXPECT_EQ(sent.what.flags, flags::limited | flags::movable);
  EXPECT_EQ(sent.what.workers, licence);
  EXPECT_EQ(sent.what.value, 0U) << "the other one was asked for before";
  EXPECT_EQ(here.departed, (std::vector{task_ref{1}}));
  EXPECT_EQ(here.node.num_waiting(), 1U);
}

TEST(limited_tasks, are_asked_for_with_those_that_leave) {
  bare_node here;
  const std::uint64_t most = torc::protocol::limit_places::most_asked;
  for (std::uintptr_t i = 1; i <= most + 10; ++i) place(here, i, two);
  EXPECT_EQ(here.sent.size(), most) << "no more are asked for at a time";
  here.sent.clear();
  grant(here, two, 3);
  for (int i = 0; i < 3; ++i) EXPECT_EQ(here.next().what.value, 1U);
  EXPECT_TRUE(here.sent.empty());
}

TEST(limited_tasks, keep_no_others_out_and_are_kept_out_by_none) {
  bare_node here;
  here.task_bytes = 500;
  place(here, 1, two);
  place(here, 2, two, 0, disk);
  here.sent.clear();
  here.node.place(task_ref{3}, two, 0);
  EXPECT_EQ(here.next().what.kind, message_kind::task) << "there is credit";
  here.node.place(task_ref{4}, two, 0);
  EXPECT_EQ(here.next().what.kind, message_kind::ask_credit);
  grant(here, two, 1, disk);
  EXPECT_EQ(here.next().what.kind, message_kind::task);
  EXPECT_EQ(here.departed.back(), task_ref{2});
}

TEST(limited_tasks, leave_inner_ones_first) {
  bare_node here;
  place(here, 1, two);
  place(here, 2, two, flags::inner);
  grant(here, two, 1);
  EXPECT_EQ(here.departed, (std::vector{task_ref{2}}));
}

TEST(limited_tasks, give_places_back_for_which_there_is_none_any_more) {
  bare_node here;
  for (std::uintptr_t i = 1; i <= 3; ++i) place(here, i, two);
  here.sent.clear();
  here.may_depart = false;  // they were cancelled
  grant(here, two, 3);
  const auto back = here.next();
  EXPECT_EQ(back.what.kind, message_kind::return_places);
  EXPECT_EQ(back.what.workers, licence);
  EXPECT_EQ(back.what.value, 3U);
  EXPECT_TRUE(here.sent.empty());
  EXPECT_TRUE(here.node.are_places_whole());
  EXPECT_EQ(here.node.num_waiting(), 0U);
}

TEST(limited_tasks, pass_those_that_are_still_being_encoded) {
  bare_node here;
  here.encodes_at_once = false;
  place(here, 1, two);
  place(here, 2, two);
  grant(here, two, 1);
  ASSERT_EQ(here.preparing.size(), 2U);
  here.sent.clear();
  here.node.prepared(here.preparing[1].first, here.preparing[1].second);
  EXPECT_EQ(here.departed, (std::vector{task_ref{2}}));
  grant(here, two, 1);
  here.sent.clear();
  here.may_depart = false;
  here.node.prepared(here.preparing[0].first, here.preparing[0].second);
  EXPECT_EQ(here.next().what.kind, message_kind::return_places);
  EXPECT_TRUE(here.node.are_places_whole());
}

TEST(limited_tasks, are_kept_at_home_when_its_workers_starve_and_there_may_be_units) {
  bare_node here;
  for (std::uintptr_t i = 1; i <= 3; ++i) place(here, i, two);
  here.lacking = {licence};
  here.node.starving({});
  EXPECT_TRUE(here.kept.empty());
  here.lacking.clear();
  here.node.starving({});
  EXPECT_EQ(here.kept, (std::vector{task_ref{1}}));
  here.sent.clear();
  grant(here, two, 3);
  EXPECT_EQ(here.count(message_kind::task), 2U);
  EXPECT_EQ(here.count(message_kind::return_places), 1U);
}

TEST(limited_tasks, wait_for_places_of_a_thief_that_has_asked_for_work) {
  bare_node here;
  for (std::uintptr_t i = 1; i <= 3; ++i) place(here, i, two);
  here.sent.clear();
  here.get(three, request);
  const auto asked = here.next();
  EXPECT_EQ(asked.to, three);
  EXPECT_EQ(asked.what.kind, message_kind::ask_places);
  EXPECT_EQ(here.next().what.kind, message_kind::steal_reply);
  here.get(three, request);
  EXPECT_EQ(here.next().what.kind, message_kind::steal_reply) << "no more than one for its worker";
  EXPECT_TRUE(here.sent.empty());
  grant(here, three, 1);
  EXPECT_EQ(here.next().to, three);
  EXPECT_EQ(here.departed, (std::vector{task_ref{1}}));
}

TEST(limited_tasks, that_are_pinned_are_not_for_thieves) {
  bare_node here;
  place(here, 1, two, 0);
  here.sent.clear();
  here.get(three, request);
  EXPECT_EQ(here.next().what.kind, message_kind::steal_reply);
  EXPECT_TRUE(here.sent.empty());
}

TEST(limited_tasks, find_two_places_for_each_worker_that_are_free_when_their_bodies_begin) {
  bare_node here;
  here.get(one, ask(5));
  const auto granted = here.next();
  EXPECT_EQ(granted.to, one);
  EXPECT_EQ(granted.what.kind, message_kind::places);
  EXPECT_EQ(granted.what.workers, licence);
  EXPECT_EQ(granted.what.value, 2U);
  get_limited(here, one, 1);
  get_limited(here, one, 2, 1);
  EXPECT_TRUE(here.sent.empty());
  here.node.begun(here.guests.front().name);
  here.node.begun(here.guests.front().name);
  EXPECT_EQ(here.next().what.value, 1U);
  EXPECT_TRUE(here.sent.empty()) << "one has begun";
  here.node.finished(here.guests.front().name, 0, {});
  EXPECT_EQ(here.next().what.kind, message_kind::result);
  EXPECT_TRUE(here.sent.empty()) << "its place was free before";
  here.node.finished(here.guests.back().name, 0, {});
  EXPECT_EQ(here.next().what.kind, message_kind::result);
  EXPECT_EQ(here.next().what.kind, message_kind::places);
}

TEST(limited_tasks, free_their_places_when_they_are_cancelled_or_stolen) {
  bare_node here;
  here.get(one, ask(2));
  get_limited(here, one, 7);
  get_limited(here, one, 8, 2);
  here.sent.clear();
  here.get(one, {.kind = message_kind::cancel, .home = one, .id = 7});
  EXPECT_EQ(here.count(message_kind::places), 1U);
  here.sent.clear();
  here.guests_to_give = {here.guests.back().name};
  here.get(two, request);
  EXPECT_EQ(here.count(message_kind::places), 1U);
  EXPECT_EQ(here.next().what.flags, flags::movable | flags::stolen) << "a thief has asked for it";
}

}  // namespace
