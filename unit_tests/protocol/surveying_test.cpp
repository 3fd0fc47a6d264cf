// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors
#include "core/protocol/surveying.hpp"

#include <gtest/gtest.h>

#include <cstring>
#include <vector>

#include "unit_tests/protocol/bare_node.hpp"

namespace {

using tests::bare_node;
using tests::message_kind;
using tests::node_id;
using tests::one;
using tests::self;
using tests::three;
using tests::two;
using torc::protocol::job_counts;
using torc::protocol::violation;

constexpr job_counts some{.created = 1, .begun = 2, .ended = 3, .unbegun = 6, .failed = 4, .expected = 5};
constexpr job_counts others{.created = 10, .begun = 20, .ended = 30, .unbegun = 60, .failed = 40, .expected = 50};
constexpr job_counts both{.created = 11, .begun = 22, .ended = 33, .unbegun = 66, .failed = 44, .expected = 55};

void answer(bare_node& here, node_id from, const job_counts& counts) {
  here.node.receive(from, {.kind = message_kind::survey_part, .payload = std::as_bytes(std::span(&counts, 1))});
}

job_counts counts_in(const bare_node::letter& sent) {
  job_counts counts;
  EXPECT_EQ(sent.bytes.size(), sizeof(counts));
  std::memcpy(&counts, sent.bytes.data(), sizeof(counts));
  return counts;
}

TEST(surveying, node_0_asks_its_children_and_adds_up_what_they_say) {
  bare_node here;
  here.own_counts = some;
  EXPECT_TRUE(here.node.survey());
  EXPECT_EQ(here.next().to, one);
  EXPECT_EQ(here.next().to, two);
  EXPECT_TRUE(here.sent.empty());
  answer(here, one, {});
  EXPECT_TRUE(here.surveys.empty());
  answer(here, two, others);
  EXPECT_EQ(here.surveys, std::vector{both});
}

TEST(surveying, a_node_alone_answers_itself_at_once) {
  bare_node::settings alone;
  bare_node here(alone.of(1));
  here.own_counts = some;
  EXPECT_TRUE(here.node.survey());
  EXPECT_EQ(here.surveys, std::vector{some});
}

TEST(surveying, one_survey_at_a_time) {
  bare_node here;
  EXPECT_TRUE(here.node.survey());
  EXPECT_FALSE(here.node.survey());
  answer(here, one, {});
  answer(here, two, {});
  EXPECT_TRUE(here.node.survey());
}

TEST(surveying, who_has_children_answers_after_them) {
  bare_node::settings above_three;
  bare_node here(above_three.on(one));
  here.own_counts = some;
  here.get(self, {.kind = message_kind::survey});
  const auto question = here.next();
  EXPECT_EQ(question.to, three);
  EXPECT_EQ(question.what.kind, message_kind::survey);
  EXPECT_TRUE(here.sent.empty());
  answer(here, three, others);
  const auto sum = here.next();
  EXPECT_EQ(sum.to, self);
  EXPECT_EQ(counts_in(sum), both);
}

TEST(surveying, who_has_none_answers_at_once) {
  bare_node::settings below_one;
  bare_node here(below_one.on(three));
  here.own_counts = some;
  here.get(one, {.kind = message_kind::survey});
  EXPECT_EQ(counts_in(here.next()), some);
}

TEST(surveying, none_begins_once_the_session_ends) {
  bare_node here;
  here.node.shutdown(0);
  here.sent.clear();
  EXPECT_FALSE(here.node.survey());
  EXPECT_TRUE(here.sent.empty());
}

TEST(surveying, only_node_0_may_ask) {
  bare_node::settings elsewhere;
  bare_node here(elsewhere.on(two));
  EXPECT_THROW(here.node.survey(), violation);
}

}  // namespace
