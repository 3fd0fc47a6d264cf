// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors
#include <gtest/gtest.h>

#include "unit_tests/protocol/bare_node.hpp"

namespace {

using namespace tests;  // NOLINT(google-build-using-namespace): short names make the exchanges readable

constexpr auto not_here = static_cast<std::uint64_t>(cancel_verdict::not_here);
constexpr auto too_late = static_cast<std::uint64_t>(cancel_verdict::too_late);

/// A node with one task that is away at node 2.
class cancelling : public testing::Test {
 protected:
  cancelling() {
    here.node.place(task_ref{5}, two, flags::movable);
    name = here.next().what.id;
  }
  void answer(node_id from, std::uint64_t verdict) {
    here.get(from, {.kind = message_kind::cancel_answer, .id = name, .value = verdict});
  }
  void moved(node_id to, std::uint16_t hops) { here.get(to, {.kind = message_kind::moved, .hops = hops, .id = name}); }
  void expect_question(node_id to) {
    const auto sent = here.next();
    EXPECT_EQ(sent.to, to);
    EXPECT_EQ(sent.what.kind, message_kind::cancel);
    EXPECT_EQ(sent.what.id, name);
    EXPECT_TRUE(here.sent.empty());
  }
  bare_node here;
  std::uint64_t name = 0;
};

TEST_F(cancelling, asks_the_holder_once) {
  EXPECT_TRUE(here.node.cancel(name));
  expect_question(two);
  EXPECT_TRUE(here.node.cancel(name)) << "the answer to the first question is for both";
  EXPECT_TRUE(here.sent.empty());
}

TEST_F(cancelling, is_decided_by_the_result) {
  here.node.cancel(name);
  here.get(two, {.kind = message_kind::result, .flags = flags::cancelled, .id = name, .value = 356});
  ASSERT_EQ(here.completions.size(), 1U);
  EXPECT_EQ(here.decisions, (std::vector{std::pair{task_ref{5}, true}}));
}

TEST_F(cancelling, fails_when_the_value_was_faster) {
  here.node.cancel(name);
  here.get(two, {.kind = message_kind::result, .id = name, .value = 356});
  EXPECT_EQ(here.decisions, (std::vector{std::pair{task_ref{5}, false}}));
  answer(two, not_here);  // to a question that nobody remembers
  EXPECT_EQ(here.decisions.size(), 1U);
}

TEST_F(cancelling, fails_when_the_body_has_begun_and_may_be_tried_again) {
  here.node.cancel(name);
  answer(two, too_late);
  EXPECT_EQ(here.decisions, (std::vector{std::pair{task_ref{5}, false}}));
  EXPECT_EQ(here.node.num_away(), 1U);
  here.sent.clear();
  here.node.cancel(name);
  expect_question(two);
}

TEST_F(cancelling, follows_a_task_that_has_moved_before_the_answer) {
  here.node.cancel(name);
  expect_question(two);
  moved(three, 1);
  EXPECT_TRUE(here.sent.empty()) << "one question at a time";
  answer(two, not_here);
  expect_question(three);
}

TEST_F(cancelling, waits_for_the_next_holder_when_the_answer_is_faster) {
  here.node.cancel(name);
  expect_question(two);
  answer(two, not_here);
  EXPECT_TRUE(here.sent.empty());
  moved(three, 1);
  expect_question(three);
}

TEST_F(cancelling, knows_the_last_holder_whatever_order_the_news_comes_in) {
  moved(one, 2);
  moved(three, 1);
  here.node.cancel(name);
  expect_question(one);
}

TEST_F(cancelling, succeeds_when_the_task_comes_home) {
  here.node.cancel(name);
  here.get(two,
           {.kind = message_kind::task, .flags = flags::movable | flags::stolen, .hops = 1, .home = self, .id = name});
  EXPECT_TRUE(here.kept.empty());
  ASSERT_EQ(here.completions.size(), 1U);
  EXPECT_EQ(here.completions[0].flags, flags::cancelled);
  EXPECT_EQ(here.decisions, (std::vector{std::pair{task_ref{5}, true}}));
  answer(two, not_here);
}

TEST_F(cancelling, of_a_task_that_is_not_away_does_nothing) {
  EXPECT_FALSE(here.node.cancel(name + 1));
  EXPECT_TRUE(here.sent.empty());
}

TEST_F(cancelling, ends_a_guest_that_has_not_begun_with_its_credit) {
  here.get_task(three, 8, flags::movable, 44);
  here.get(three, {.kind = message_kind::cancel, .home = three, .id = 8});
  const auto sent = here.next();
  EXPECT_EQ(sent.to, three);
  EXPECT_EQ(sent.what.kind, message_kind::result);
  EXPECT_EQ(sent.what.flags, flags::cancelled);
  EXPECT_EQ(sent.what.value, 300U);
  EXPECT_EQ(here.node.num_guests(), 0U);
}

TEST_F(cancelling, comes_too_late_for_a_guest_that_has_begun) {
  here.get_task(three, 8);
  here.can_cancel = false;
  here.get(three, {.kind = message_kind::cancel, .home = three, .id = 8});
  EXPECT_EQ(here.next().what.value, too_late);
  EXPECT_EQ(here.node.num_guests(), 1U);
}

TEST_F(cancelling, finds_guests_that_came_before_and_after_the_first_question) {
  here.get_task(three, 8);
  here.get(one, {.kind = message_kind::cancel, .home = one, .id = 8});
  EXPECT_EQ(here.next().what.value, not_here) << "that guest is node 3's";
  here.get_task(one, 9);
  here.get(one, {.kind = message_kind::cancel, .home = one, .id = 9});
  EXPECT_EQ(here.next().what.flags, flags::cancelled);
  here.get(three, {.kind = message_kind::cancel, .home = three, .id = 8});
  EXPECT_EQ(here.next().what.flags, flags::cancelled);
  here.get(three, {.kind = message_kind::cancel, .home = three, .id = 8});
  EXPECT_EQ(here.next().what.value, not_here);
}

TEST_F(cancelling, does_not_find_a_guest_that_was_given_away) {
  here.get(one, {.kind = message_kind::cancel, .home = one, .id = 1});
  here.guests_to_give = {here.get_task(one, 9)};
  here.get(three, {.kind = message_kind::steal_request, .workers = 1, .value = 1000});
  here.sent.clear();
  here.get(one, {.kind = message_kind::cancel, .home = one, .id = 9});
  EXPECT_EQ(here.next().what.value, not_here);
}

}  // namespace
