// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors
#include <gtest/gtest.h>

#include "core/protocol/node.hpp"
#include "unit_tests/protocol/bare_node.hpp"

namespace {

using namespace tests;  // NOLINT(google-build-using-namespace): short names make the exchanges readable

constexpr std::int64_t share = 1000;
constexpr std::size_t overhead = 256;

TEST(sender, asks_once_for_credit_for_a_task_that_costs_more_than_it_has) {
  bare_node here;
  here.task_bytes = 2000;
  here.node.place(task_ref{1}, two, 0);
  here.node.place(task_ref{2}, two, 0);
  const auto asked = here.next();
  EXPECT_EQ(asked.to, two);
  EXPECT_EQ(asked.what.kind, message_kind::ask_credit);
  EXPECT_EQ(asked.what.value, 2000 + overhead);
  EXPECT_TRUE(here.sent.empty());
  EXPECT_EQ(here.node.num_waiting(), 2U);
  EXPECT_EQ(here.departed, (std::vector{task_ref{1}})) << "only the next one is encoded";
}

TEST(sender, sends_in_order_as_credit_comes_and_gives_back_what_is_left) {
  bare_node here;
  here.task_bytes = 2000;
  for (std::uintptr_t i = 1; i <= 2; ++i) here.node.place(task_ref{i}, two, 0);
  here.sent.clear();
  here.get(two, {.kind = message_kind::credit, .value = 5000});
  EXPECT_EQ(here.next().what.kind, message_kind::task);
  EXPECT_EQ(here.next().what.kind, message_kind::task);
  const auto back = here.next();
  EXPECT_EQ(back.what.kind, message_kind::return_credit);
  EXPECT_EQ(back.what.value, share + 5000 - 2 * (2000 + overhead) - share);
  EXPECT_EQ(here.departed, (std::vector{task_ref{1}, task_ref{2}}));
  EXPECT_EQ(here.node.num_waiting(), 0U);
}

TEST(sender, has_credit_of_its_own_for_each_receiver) {
  bare_node here;
  here.task_bytes = share - overhead;
  here.node.place(task_ref{1}, one, 0);
  here.node.place(task_ref{2}, one, 0);
  here.node.place(task_ref{3}, two, 0);
  EXPECT_EQ(here.count(message_kind::task), 2U);
  EXPECT_EQ(here.count(message_kind::ask_credit), 1U);
}

TEST(sender, lets_inner_tasks_go_before_outer_ones) {
  bare_node here;
  here.task_bytes = 2000;
  here.node.place(task_ref{1}, two, 0);
  here.node.place(task_ref{2}, two, flags::inner);
  EXPECT_EQ(here.count(message_kind::ask_credit), 2U) << "the inner one asks although an outer one waits";
  EXPECT_EQ(here.sent.back().what.flags, flags::inner);
  here.sent.clear();
  here.get(two, {.kind = message_kind::credit, .value = 2000});
  const auto first = here.next();
  EXPECT_EQ(first.what.kind, message_kind::task);
  EXPECT_EQ(first.what.flags, flags::inner);
  EXPECT_EQ(here.count(message_kind::task), 0U);
}

TEST(sender, lets_inner_tasks_go_before_inner_ones_that_wait_for_a_slot) {
  constexpr std::uint8_t with_slot = flags::inner | flags::slotted;
  bare_node here;
  here.task_bytes = 2000;
  here.node.place(task_ref{1}, two, with_slot);
  here.node.place(task_ref{2}, two, flags::inner);
  EXPECT_EQ(here.next().what.flags, with_slot);
  EXPECT_EQ(here.next().what.flags, flags::inner) << "it asks although another one waits";
  here.get(two, {.kind = message_kind::credit, .id = here.last_name, .value = 2000});
  EXPECT_EQ(here.next().what.flags, flags::inner);
  EXPECT_EQ(here.count(message_kind::task), 0U);
}

TEST(sender, lets_awaited_tasks_with_a_slot_be_inner_ones_with_a_slot) {
  bare_node here;
  here.task_bytes = 2000;
  for (std::uintptr_t i = 1; i <= 2; ++i) here.node.place(task_ref{i}, two, flags::slotted);
  here.sent.clear();
  here.node.awaited(task_ref{2}, false);
  EXPECT_EQ(here.next().what.flags, flags::inner | flags::slotted);
}

TEST(sender, sends_awaited_tasks_as_inner_ones) {
  bare_node here;
  here.task_bytes = 2000;
  for (std::uintptr_t i = 1; i <= 4; ++i) here.node.place(task_ref{i}, two, i == 4 ? flags::movable : 0);
  here.sent.clear();
  here.node.awaited(task_ref{3}, false);
  here.node.awaited(task_ref{1}, true);
  here.node.awaited(task_ref{4}, false);
  here.node.awaited(task_ref{5}, false);
  const auto asked = here.next();
  EXPECT_EQ(asked.what.kind, message_kind::ask_credit);
  EXPECT_EQ(asked.what.flags, flags::inner);
  EXPECT_EQ(here.node.num_waiting(), 4U);
  here.sent.clear();
  here.get(two, {.kind = message_kind::credit, .value = 4 * (2000 + overhead)});
  for (const unsigned with : {flags::inner + 0U, flags::inner + 0U, flags::inner + unsigned{flags::movable}, 0U}) {
    const auto first = here.next();
    EXPECT_EQ(first.what.kind, message_kind::task);
    EXPECT_EQ(first.what.flags, with);
  }
  EXPECT_EQ(here.departed, (std::vector{task_ref{1}, task_ref{3}, task_ref{4}, task_ref{2}}));
  EXPECT_EQ(here.node.num_waiting(), 0U);
  EXPECT_EQ(here.next().what.kind, message_kind::return_credit);
}

TEST(sender, sends_a_task_that_was_awaited_while_it_was_being_encoded_as_an_inner_one) {
  bare_node here;
  here.encodes_at_once = false;
  for (std::uintptr_t i = 1; i <= 2; ++i) here.node.place(task_ref{i}, two, 0);
  ASSERT_EQ(here.preparing.size(), 2U);
  here.node.awaited(task_ref{2}, false);
  here.node.prepared(here.preparing[0].first, here.preparing[0].second);
  here.node.prepared(here.preparing[1].first, here.preparing[1].second);
  EXPECT_EQ(here.next().what.flags, 0);
  EXPECT_EQ(here.next().what.flags, flags::inner);
  EXPECT_EQ(here.node.num_waiting(), 0U);
}

TEST(sender, sends_all_tasks_that_are_awaited_together_as_inner_ones) {
  bare_node here;
  here.encodes_at_once = false;
  here.task_bytes = 2000;
  for (std::uintptr_t i = 1; i <= 12; ++i) here.node.place(task_ref{i}, two, 0);
  auto encode_next = [&, at = std::size_t{0}]() mutable {
    ++at;
    here.node.prepared(here.preparing[at - 1].first, here.preparing[at - 1].second);
  };
  encode_next();  // the first one has departed, the second one is encoded, others are being encoded or not yet
  encode_next();
  here.sent.clear();
  here.node.awaited([](task_ref task) { return task != task_ref{4} && task != task_ref{11}; });
  EXPECT_EQ(here.next().what.flags, flags::inner) << "it asks for credit for inner ones";
  here.get(two, {.kind = message_kind::credit, .value = 100 * 2000});
  for (std::size_t i = 2; i < 12; ++i) encode_next();
  std::size_t num_inner = 0;
  for (const auto& sent : here.sent)
    num_inner += sent.what.kind == message_kind::task && sent.what.flags == flags::inner ? 1 : 0;
  EXPECT_EQ(num_inner, 10U);
  EXPECT_EQ(here.count(message_kind::task), 12U);
  EXPECT_EQ(here.node.num_waiting(), 0U);
}

TEST(sender, cancels_an_awaited_task_that_it_holds_by_itself) {
  bare_node here;
  here.task_bytes = 2000;
  here.node.place(task_ref{1}, two, 0);
  const std::uint64_t first = here.last_name;
  here.node.place(task_ref{2}, two, flags::inner);
  here.node.awaited(task_ref{1}, true);
  EXPECT_TRUE(here.node.cancel(first));
  EXPECT_EQ(here.completions.size(), 1U);
  EXPECT_EQ(here.node.num_waiting(), 1U);
}

TEST(sender, cancels_a_task_that_it_holds_for_want_of_credit_by_itself) {
  bare_node here;
  here.task_bytes = 2000;
  here.node.place(task_ref{1}, two, 0);
  here.node.place(task_ref{2}, two, 0);
  here.sent.clear();
  here.node.cancel(here.last_name);
  ASSERT_EQ(here.completions.size(), 1U);
  EXPECT_EQ(here.completions[0].task, task_ref{1});
  EXPECT_EQ(here.completions[0].flags, flags::cancelled);
  EXPECT_EQ(here.decisions, (std::vector{std::pair{task_ref{1}, true}}));
  EXPECT_EQ(here.next().what.kind, message_kind::ask_credit) << "the next one asks anew";
  here.node.cancel(here.last_name);
  EXPECT_EQ(here.next().what.kind, message_kind::return_credit) << "nothing waits any more";
  EXPECT_EQ(here.node.num_away(), 0U);
}

TEST(sender, runs_at_home_what_waits_for_credit_when_it_starves) {
  bare_node here;
  here.task_bytes = 2000;
  here.node.place(task_ref{1}, two, flags::movable);
  here.node.place(task_ref{2}, two, flags::movable);
  here.node.starving({});
  EXPECT_EQ(here.kept, (std::vector{task_ref{1}})) << "one for its worker";
  EXPECT_EQ(here.node.num_waiting(), 1U);
}

TEST(sender, takes_its_request_back_when_what_needed_the_credit_is_done_at_home) {
  bare_node here;
  here.task_bytes = 2000;
  here.node.place(task_ref{1}, two, flags::movable);
  here.node.place(task_ref{2}, two, 0);
  here.sent.clear();
  here.task_bytes = 100;  // what is next needs no more than the share
  here.node.starving({});
  EXPECT_EQ(here.kept, (std::vector{task_ref{1}}));
  EXPECT_EQ(here.count(message_kind::task), 1U);
  EXPECT_EQ(here.count(message_kind::return_credit), 1U)
      << "else the receiver keeps credit for a task that never comes";
}

TEST(sender, sends_nothing_for_a_grant_whose_task_went_elsewhere) {
  bare_node here;
  here.task_bytes = 2000;
  here.node.place(task_ref{1}, two, flags::movable);
  here.node.place(task_ref{2}, two, 0);
  const std::uint64_t first = here.next().what.id;
  here.node.starving({});
  const auto second = here.next();
  ASSERT_EQ(second.what.kind, message_kind::ask_credit);
  here.sent.clear();
  here.get(two, {.kind = message_kind::credit, .id = first, .value = 1256});
  const auto back = here.next();
  EXPECT_EQ(back.what.kind, message_kind::return_credit) << "the receiver does not count with the second one yet";
  EXPECT_EQ(back.what.id, first);
  EXPECT_EQ(back.what.value, 1256U);
  EXPECT_TRUE(here.sent.empty());
  here.get(two, {.kind = message_kind::credit, .id = second.what.id, .value = 1256});
  EXPECT_EQ(here.next().what.kind, message_kind::task);
}

TEST(sender, gives_thieves_what_it_holds_encoded_too) {
  bare_node here;
  here.task_bytes = 2000;
  here.node.place(task_ref{1}, two, flags::movable);
  here.sent.clear();
  here.get(three, {.kind = message_kind::steal_request, .workers = 1, .value = 10'000});
  const auto given = here.next();
  EXPECT_EQ(given.to, three);
  EXPECT_EQ(given.what.kind, message_kind::task);
  EXPECT_EQ(given.what.flags, flags::movable | flags::stolen);
  EXPECT_EQ(given.bytes.size(), 2000U);
  here.get(three, {.kind = message_kind::result, .id = given.what.id});
  EXPECT_EQ(here.completions.size(), 1U);
}

TEST(receiver, gives_credit_back_once_when_a_guest_begins) {
  bare_node here;
  const auto guest = here.get_task(two, 77, 0, 44);
  here.node.begun(guest);
  here.node.begun(guest);
  const auto sent = here.next();
  EXPECT_EQ(sent.what.kind, message_kind::credit);
  EXPECT_EQ(sent.what.value, 44 + overhead);
  EXPECT_TRUE(here.sent.empty());
  here.node.finished(guest, 0, {});
  EXPECT_EQ(here.next().what.value, 0U);
}

TEST(receiver, lets_only_two_begun_bodies_a_worker_give_their_credit_back_before_they_end) {
  bare_node here;
  std::vector<std::uint64_t> guests;
  for (std::uint64_t i = 1; i <= 3; ++i) guests.push_back(here.get_task(two, i, 0, 10));
  for (const auto guest : guests) here.node.begun(guest);
  EXPECT_EQ(here.count(message_kind::credit), 2U);
  here.sent.clear();
  here.node.finished(guests[2], 0, {});
  EXPECT_EQ(here.next().what.value, 10 + overhead);
}

TEST(receiver, has_no_credit_to_give_back_for_urgent_and_stolen_guests) {
  bare_node here;
  here.node.begun(here.get_task(two, 77, flags::urgent));
  here.node.begun(here.get_task(two, 78, flags::movable | flags::stolen));
  EXPECT_TRUE(here.sent.empty());
}

TEST(receiver, grants_a_part_of_what_is_free_to_whoever_asks) {
  bare_node here;
  here.get(two, {.kind = message_kind::ask_credit, .value = 1100});
  const auto granted = here.next();
  EXPECT_EQ(granted.to, two);
  EXPECT_EQ(granted.what.kind, message_kind::credit);
  EXPECT_EQ(granted.what.value, 750U) << "a fourth of the pool, which is half of the budget";
}

TEST(receiver, keeps_the_next_request_when_a_grant_comes_back) {
  bare_node here;
  here.get(two, {.kind = message_kind::ask_credit, .id = 7, .value = 1'000'000});
  const auto first = here.next();
  EXPECT_EQ(first.what.id, 7U);
  here.get(two, {.kind = message_kind::ask_credit, .id = 8, .value = 1'000'000});
  EXPECT_TRUE(here.sent.empty()) << "what is on its way to it would do";
  here.get(two, {.kind = message_kind::return_credit, .id = 7, .value = first.what.value});
  const auto second = here.next();
  EXPECT_EQ(second.what.kind, message_kind::credit);
  EXPECT_EQ(second.what.id, 8U);
  EXPECT_EQ(second.what.value, first.what.value);
}

TEST(receiver, refuses_a_task_for_which_its_sender_has_no_credit) {
  bare_node here;
  EXPECT_THROW(here.get_task(two, 1, 0, 2000), torc::protocol::violation);
}

TEST(receiver, refuses_credit_that_cannot_be) {
  bare_node here;
  EXPECT_THROW(here.get(two, {.kind = message_kind::return_credit, .value = 1}), torc::protocol::violation);
  EXPECT_THROW(here.get(two, {.kind = message_kind::ask_credit, .value = 0}), torc::protocol::violation);
  EXPECT_THROW(here.get(two, {.kind = message_kind::ask_credit, .value = ~std::uint64_t{0}}),
               torc::protocol::violation);
  EXPECT_THROW(here.get(two, {.kind = message_kind::credit, .value = ~std::uint64_t{0}}), torc::protocol::violation);
}

}  // namespace
