// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors
#include "core/protocol/reporting.hpp"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "unit_tests/protocol/bare_node.hpp"

namespace {

using tests::bare_node;
using tests::one;
using tests::self;
using tests::three;
using tests::two;
using torc::protocol::message_kind;
using torc::protocol::node_id;
using torc::protocol::violation;
using words = std::vector<std::string>;

TEST(reporting, all_others_are_asked_directly) {
  bare_node here;
  EXPECT_TRUE(here.node.ask_report(1));
  for (const node_id other : {one, two, three}) {
    const auto question = here.next();
    EXPECT_EQ(question.to, other);
    EXPECT_EQ(question.what.kind, message_kind::report_ask);
    EXPECT_EQ(question.what.value, 1U);
  }
  EXPECT_TRUE(here.sent.empty());
}

TEST(reporting, answers_are_handed_on_and_the_end_is_told_to_all) {
  bare_node here;
  here.node.ask_report(0);
  here.sent.clear();
  here.get(two, {.kind = message_kind::report_part});
  EXPECT_EQ(here.news, (words{"part of 2: 0"}));
  here.node.end_report();
  EXPECT_EQ(here.count(message_kind::report_end), 3U);
}

TEST(reporting, who_is_asked_answers_once) {
  bare_node::settings elsewhere;
  bare_node here(elsewhere.on(two));
  here.get(self, {.kind = message_kind::report_ask, .value = 1});
  EXPECT_EQ(here.news, (words{"asked by 0 for 1"}));
  here.node.answer_report(self, {});
  const auto answer = here.next();
  EXPECT_EQ(answer.to, self);
  EXPECT_EQ(answer.what.kind, message_kind::report_part);
  EXPECT_THROW(here.node.answer_report(self, {}), violation);
  here.get(self, {.kind = message_kind::report_end});
  EXPECT_EQ(here.news.back(), "end by 0");
}

TEST(reporting, one_question_at_a_time) {
  bare_node here;
  EXPECT_TRUE(here.node.ask_report(0));
  EXPECT_FALSE(here.node.ask_report(0));
  here.node.end_report();
  EXPECT_TRUE(here.node.ask_report(0));
}

TEST(reporting, an_end_without_a_question_says_nothing) {
  bare_node here;
  here.node.end_report();
  EXPECT_TRUE(here.sent.empty());
}

TEST(reporting, late_answers_to_an_earlier_question_are_taken) {
  bare_node here;
  here.node.ask_report(0);
  here.node.end_report();
  here.node.ask_report(0);
  for (int i = 0; i < 2; ++i) here.get(one, {.kind = message_kind::report_part});
  EXPECT_THROW(here.get(one, {.kind = message_kind::report_part}), violation);
}

TEST(reporting, what_nobody_asked_for_is_a_violation) {
  bare_node here;
  EXPECT_THROW(here.get(one, {.kind = message_kind::report_part}), violation);
  EXPECT_THROW(here.get(one, {.kind = message_kind::report_end}), violation);
}

TEST(reporting, node_0_asks_while_the_session_ends_until_it_has_ended) {
  bare_node here;
  const auto tallies = [&](std::uint64_t sent, std::uint64_t received) {
    for (const node_id child : {one, two})
      here.get(child, {.kind = message_kind::tally, .id = received, .value = sent});
  };
  here.node.shutdown(0);
  here.node.drained();
  here.sent.clear();
  EXPECT_TRUE(here.node.ask_report(0));
  EXPECT_EQ(here.count(message_kind::report_ask), 3U);
  for (const node_id other : {one, two, three}) here.get(other, {.kind = message_kind::report_part});
  for (int round = 0; round < 5; ++round) tallies(0, 0);
  EXPECT_FALSE(here.node.has_ended()) << "that it is over counts as sent, and has not been received";
  here.node.end_report();
  // Of the three questions, answers and ends the others have counted what is theirs: 3 and 6, each of two children
  // half.
  for (int round = 0; round < 2; ++round) {
    here.get(one, {.kind = message_kind::tally, .id = 4, .value = 2});
    here.get(two, {.kind = message_kind::tally, .id = 2, .value = 1});
  }
  EXPECT_TRUE(here.node.has_ended());
  here.sent.clear();
  EXPECT_FALSE(here.node.ask_report(0));
  EXPECT_TRUE(here.sent.empty());
}

TEST(reporting, who_has_counted_does_not_ask_before_it_is_to_count_again) {
  bare_node::settings elsewhere;
  bare_node here(elsewhere.on(two));
  here.get(self, {.kind = message_kind::shutdown});
  EXPECT_TRUE(here.node.ask_report(0)) << "it is not drained, and has not counted";
  here.node.end_report();
  here.node.drained();
  EXPECT_EQ(here.count(message_kind::tally), 1U);
  here.sent.clear();
  EXPECT_FALSE(here.node.ask_report(0));
  EXPECT_TRUE(here.sent.empty());
}

/// What a leaf answers when it is asked to count.
torc::protocol::tally_sums sums_of(bare_node& leaf) {
  leaf.sent.clear();
  leaf.get(self, {.kind = message_kind::tally_request});
  const auto sums = leaf.next();
  EXPECT_EQ(sums.what.kind, message_kind::tally);
  return {sums.what.value, sums.what.id};
}

TEST(reporting, an_answer_counts_as_sent_while_it_is_owed) {
  bare_node::settings elsewhere;
  bare_node here(elsewhere.on(two));
  here.get(self, {.kind = message_kind::shutdown});
  here.node.drained();
  here.get(one, {.kind = message_kind::report_ask});
  const auto owing = sums_of(here);
  EXPECT_EQ(owing, (torc::protocol::tally_sums{1, 1}));
  here.node.answer_report(one, {});
  EXPECT_EQ(sums_of(here), owing);
}

TEST(reporting, the_end_counts_as_sent_with_the_question) {
  bare_node::settings elsewhere;
  bare_node here(elsewhere.on(two));
  here.node.ask_report(0);
  here.get(self, {.kind = message_kind::shutdown});
  here.node.drained();
  const auto asking = sums_of(here);
  EXPECT_EQ(asking, (torc::protocol::tally_sums{6, 0}));
  here.node.end_report();
  EXPECT_EQ(sums_of(here), asking);
}

}  // namespace
