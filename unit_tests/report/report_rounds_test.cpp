// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors
#include "core/report/report_rounds.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using torc::base::node_id;
using torc::base::time_point;
using torc::report::report_rounds;
using namespace std::chrono_literals;

constexpr auto by_signal = report_rounds::reason::signal;
constexpr auto by_stall = report_rounds::reason::stall;

/// One node of several, whose clock is ours. What it does is written down.
struct lone_node final : report_rounds::side {
  explicit lone_node(int number, int num_nodes = 3) : rounds(node_id{number}, num_nodes, *this) {}

  void ask(report_rounds::reason why) override { did.emplace_back(why == by_signal ? "ask" : "ask for stall"); }
  void answer(node_id asker) override { did.push_back("answer " + std::to_string(number_of(asker))); }
  void end_asking() override { did.emplace_back("end"); }
  void print(const report_rounds::result& all) override {
    std::string text = "print";
    for (const auto& [node, part] : all.parts) text += " " + part;
    for (const node_id node : all.silent) text += " no " + std::to_string(number_of(node));
    if (!all.has_asked) text += " unasked";
    did.push_back(text);
  }
  void print_own() override { did.emplace_back("print own"); }

  /// What it does until then, as its deadlines come.
  void pass(std::chrono::nanoseconds time) {
    const time_point until = now + time;
    while (rounds.next() && *rounds.next() <= until) {
      now = *rounds.next();
      rounds.tick(now);
    }
    now = until;
    rounds.tick(now);
  }
  std::vector<std::string> take() { return std::exchange(did, {}); }

  time_point now{100s};
  std::vector<std::string> did;
  report_rounds rounds;
};

TEST(report_rounds, a_node_alone_prints_at_once) {
  lone_node alone(0, 1);
  alone.rounds.signalled(alone.now);
  EXPECT_THAT(alone.take(), ElementsAre("ask", "print unasked", "end"));
  EXPECT_FALSE(alone.rounds.next());
}

TEST(report_rounds, the_lowest_asks_and_prints_when_all_have_answered) {
  lone_node zero(0);
  zero.rounds.signalled(zero.now);
  zero.rounds.has_asked();
  zero.rounds.arrived(node_id{2}, "c");
  EXPECT_THAT(zero.take(), ElementsAre("ask"));
  zero.rounds.arrived(node_id{1}, "b");
  EXPECT_THAT(zero.take(), ElementsAre("print b c", "end"));
  zero.pass(10s);
  EXPECT_THAT(zero.take(), IsEmpty());
}

TEST(report_rounds, signals_within_two_seconds_are_one_question) {
  lone_node alone(0, 1);
  alone.rounds.signalled(alone.now);
  alone.pass(1900ms);
  alone.rounds.signalled(alone.now);
  EXPECT_EQ(alone.take().size(), 3U);
  alone.pass(200ms);
  alone.rounds.signalled(alone.now);
  EXPECT_EQ(alone.take().size(), 3U);
}

TEST(report_rounds, a_higher_node_leaves_the_question_to_a_lower_one) {
  lone_node two(2);
  two.rounds.signalled(two.now);
  two.rounds.asked_by(node_id{0}, by_signal, two.now);
  EXPECT_THAT(two.take(), ElementsAre("answer 0"));
  two.rounds.ended_by(node_id{0});
  two.pass(10s);
  EXPECT_THAT(two.take(), IsEmpty());
}

TEST(report_rounds, a_signal_that_comes_after_a_lower_nodes_question_is_the_same_one) {
  lone_node two(2);
  two.rounds.asked_by(node_id{1}, by_signal, two.now);
  two.pass(1s);
  two.rounds.signalled(two.now);
  two.rounds.ended_by(node_id{1});
  two.pass(10s);
  EXPECT_THAT(two.take(), ElementsAre("answer 1"));
}

TEST(report_rounds, the_only_one_that_is_signalled_asks_soon) {
  lone_node two(2);
  two.rounds.signalled(two.now);
  two.pass(1s);
  EXPECT_THAT(two.take(), ElementsAre("ask"));
}

TEST(report_rounds, of_two_that_ask_the_lower_one_goes_on) {
  lone_node one(1);
  one.rounds.signalled(one.now);
  one.pass(1s);
  one.rounds.asked_by(node_id{2}, by_signal, one.now);
  EXPECT_THAT(one.take(), ElementsAre("ask", "answer 2"));
  one.rounds.asked_by(node_id{0}, by_signal, one.now);
  EXPECT_THAT(one.take(), ElementsAre("answer 0", "end"));
  EXPECT_FALSE(one.rounds.is_asking());
}

TEST(report_rounds, nodes_that_do_not_answer_are_named_after_five_seconds) {
  lone_node zero(0);
  zero.rounds.signalled(zero.now);
  zero.rounds.has_asked();
  zero.rounds.arrived(node_id{1}, "b");
  zero.pass(4900ms);
  EXPECT_THAT(zero.take(), ElementsAre("ask"));
  zero.pass(200ms);
  EXPECT_THAT(zero.take(), ElementsAre("print b no 2", "end"));
  zero.rounds.arrived(node_id{2}, "late");
  EXPECT_THAT(zero.take(), IsEmpty());
}

TEST(report_rounds, a_node_whose_questions_do_not_leave_prints_its_own_part) {
  lone_node zero(0);
  zero.rounds.signalled(zero.now);
  zero.pass(6s);
  EXPECT_THAT(zero.take(), ElementsAre("ask", "print no 1 no 2 unasked", "end"));
}

TEST(report_rounds, a_signal_soon_after_the_report_of_a_higher_node_is_the_same_question) {
  lone_node zero(0);
  zero.rounds.asked_by(node_id{2}, by_signal, zero.now);
  zero.rounds.ended_by(node_id{2});
  zero.pass(1900ms);
  zero.rounds.signalled(zero.now);
  EXPECT_THAT(zero.take(), ElementsAre("answer 2"));
  zero.pass(200ms);
  zero.rounds.signalled(zero.now);
  EXPECT_THAT(zero.take(), ElementsAre("ask"));
}

TEST(report_rounds, a_signal_before_the_report_of_a_higher_node_is_there_makes_it_this_ones) {
  lone_node zero(0);
  zero.rounds.asked_by(node_id{2}, by_signal, zero.now);
  zero.pass(1s);
  zero.rounds.signalled(zero.now);
  EXPECT_THAT(zero.take(), ElementsAre("answer 2", "ask"));
}

TEST(report_rounds, who_may_not_ask_any_more_prints_its_own_part_at_once) {
  lone_node zero(0);
  zero.rounds.signalled(zero.now);
  zero.rounds.cannot_ask();
  EXPECT_THAT(zero.take(), ElementsAre("ask", "print no 1 no 2 unasked", "end"));
}

TEST(report_rounds, an_answer_that_nobody_prints_is_printed_where_it_was_made) {
  lone_node two(2);
  two.rounds.asked_by(node_id{0}, by_signal, two.now);
  two.pass(5900ms);
  EXPECT_THAT(two.take(), ElementsAre("answer 0"));
  two.pass(200ms);
  EXPECT_THAT(two.take(), ElementsAre("print own"));
  two.pass(10s);
  EXPECT_THAT(two.take(), IsEmpty());
}

TEST(report_rounds, questions_about_a_stall_are_only_answered) {
  lone_node two(2);
  two.rounds.asked_by(node_id{0}, by_stall, two.now);
  two.pass(10s);
  EXPECT_THAT(two.take(), ElementsAre("answer 0"));
}

TEST(report_rounds, a_signal_while_a_stall_is_looked_into_gets_its_report) {
  lone_node zero(0);
  zero.rounds.stalled(zero.now);
  zero.rounds.signalled(zero.now);
  zero.rounds.has_asked();
  for (const int other : {1, 2}) zero.rounds.arrived(node_id{other}, "x");
  EXPECT_THAT(zero.take(), ElementsAre("ask for stall", "print x x", "end"));
}

}  // namespace
