// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors
#include <gtest/gtest.h>

#include <limits>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "unit_tests/protocol/bare_node.hpp"

namespace {

using namespace tests;  // NOLINT(google-build-using-namespace): short names make the exchanges readable
using tickets = std::vector<std::pair<std::uint64_t, std::uint32_t>>;
using answers = std::vector<std::pair<std::uint64_t, bool>>;

/// A message with a name as its payload.
void deliver(bare_node& to, node_id from, message what, std::string_view name) {
  what.payload = std::as_bytes(std::span(name));
  to.node.receive(from, what);
}

std::string text_of(const bare_node::letter& sent) {
  return {reinterpret_cast<const char*>(sent.bytes.data()), sent.bytes.size()};
}

/// Node 0 of 4, the parent of nodes 1 and 2, with a limit of 4 units that all know.
class counting_node : public testing::Test {
 protected:
  counting_node() {
    here.node.declare_limit(7, "licence", 4, false);
    for (const node_id child : {one, two}) {
      const auto told = here.next();
      EXPECT_EQ(told.to, child);
      EXPECT_EQ(told.what.kind, message_kind::limit);
      EXPECT_EQ(text_of(told), "licence");
      EXPECT_TRUE(here.settled.empty());
      here.get(child, {.kind = message_kind::limit_heard, .id = 0});
    }
  }
  void ask(node_id from, std::uint32_t units, std::uint64_t ticket, double priority = 0) {
    here.node.receive(from, {.kind = message_kind::units_request,
                             .workers = units,
                             .id = 0,
                             .value = ticket,
                             .payload = std::as_bytes(std::span(&priority, 1))});
  }
  void give_back(node_id from, std::uint32_t units) {
    here.get(from, {.kind = message_kind::units_back, .workers = units, .id = 0});
  }
  void expect_grant(node_id to, std::uint32_t units, std::uint64_t ticket) {
    const auto sent = here.next();
    EXPECT_EQ(sent.to, to);
    EXPECT_EQ(sent.what.kind, message_kind::units);
    EXPECT_EQ(sent.what.workers, units);
    EXPECT_EQ(sent.what.value, ticket);
  }
  bare_node here;
};

TEST_F(counting_node, settles_a_declaration_once_all_nodes_have_heard_of_it) {
  EXPECT_EQ(here.settled, (answers{{7, true}}));
  EXPECT_EQ(here.news, std::vector<std::string>{"limit 0 'licence' 4"});
}

TEST_F(counting_node, tells_who_requested_it) {
  deliver(here, three, {.kind = message_kind::limit_request, .flags = flags::per_node, .id = 9, .value = 2}, "disk");
  EXPECT_EQ(here.news.back(), "limit 1 'disk' 2 per node");
  EXPECT_EQ(here.count(message_kind::limit), 2U);
  here.sent.clear();
  here.get(two, {.kind = message_kind::limit_heard, .id = 1});
  EXPECT_TRUE(here.sent.empty());
  here.get(one, {.kind = message_kind::limit_heard, .id = 1});
  const auto answer = here.next();
  EXPECT_EQ(answer.to, three);
  EXPECT_EQ(answer.what.kind, message_kind::limit_settled);
  EXPECT_EQ(answer.what.id, 9U);
  EXPECT_EQ(answer.what.value, 1U);
}

TEST_F(counting_node, refuses_the_other_way_of_counting) {
  deliver(here, three, {.kind = message_kind::limit_request, .flags = flags::per_node, .id = 9, .value = 2}, "licence");
  const auto answer = here.next();
  EXPECT_EQ(answer.what.kind, message_kind::limit_settled);
  EXPECT_EQ(answer.what.value, 0U);
  EXPECT_TRUE(here.sent.empty());
}

TEST_F(counting_node, grants_units_in_the_order_of_the_requestes) {
  ask(one, 3, 11);
  expect_grant(one, 3, 11);
  ask(two, 2, 12);
  here.node.ask_for_units(0, 1, 13);
  ask(one, 1, 14);
  EXPECT_TRUE(here.sent.empty()) << "nobody passes the task that wants two";
  give_back(one, 3);
  expect_grant(two, 2, 12);
  EXPECT_EQ(here.granted, (tickets{{13, 1}}));
  expect_grant(one, 1, 14);
}

TEST_F(counting_node, grants_units_to_the_greatest_priority_of_all_nodes) {
  ask(one, 4, 11);
  expect_grant(one, 4, 11);
  ask(one, 4, 12, 1);
  here.node.ask_for_units(0, 4, 13, 2);
  ask(two, 4, 14, 3);
  give_back(one, 4);
  expect_grant(two, 4, 14);
  give_back(two, 4);
  EXPECT_EQ(here.granted, (tickets{{13, 4}}));
  here.node.give_units_back(0, 4);
  expect_grant(one, 4, 12);
}

TEST_F(counting_node, refuses_a_priority_that_is_no_number) {
  EXPECT_THROW(ask(one, 1, 11, std::numeric_limits<double>::quiet_NaN()), torc::protocol::violation);
  EXPECT_THROW(here.get(one, {.kind = message_kind::units_request, .workers = 1, .id = 0}, 3),
               torc::protocol::violation);
}

TEST_F(counting_node, takes_its_own_units_back_at_once_if_nobody_wants_them) {
  here.wants_units = false;
  here.node.ask_for_units(0, 4, 13);
  EXPECT_EQ(here.granted, (tickets{{13, 4}}));
  ask(one, 4, 11);
  expect_grant(one, 4, 11);
}

TEST_F(counting_node, grants_more_when_the_capacity_grows) {
  ask(one, 4, 11);
  ask(two, 2, 12);
  here.sent.clear();
  here.node.declare_limit(8, "licence", 6, false);
  EXPECT_EQ(here.count(message_kind::limit), 2U);
  EXPECT_EQ(here.count(message_kind::units), 1U);
}

TEST(limits_of_a_node, are_passed_on_and_confirmed_when_all_below_have_heard) {
  bare_node::settings chosen;
  bare_node here(chosen.on(one).of(4));  // its child is node 3
  deliver(here, self, {.kind = message_kind::limit, .workers = 0, .id = 0, .value = 5}, "licence");
  EXPECT_EQ(here.news, std::vector<std::string>{"limit 0 'licence' 5"});
  const auto passed = here.next();
  EXPECT_EQ(passed.to, three);
  EXPECT_EQ(text_of(passed), "licence");
  EXPECT_TRUE(here.sent.empty());
  here.get(three, {.kind = message_kind::limit_heard, .id = 0});
  const auto heard = here.next();
  EXPECT_EQ(heard.to, self);
  EXPECT_EQ(heard.what.kind, message_kind::limit_heard);
}

TEST(limits_of_a_node, give_back_what_nobody_wants_any_more) {
  bare_node::settings chosen;
  bare_node here(chosen.on(three).of(4));
  here.node.ask_for_units(2, 3, 5);
  EXPECT_EQ(here.next().what.kind, message_kind::units_request);
  here.wants_units = false;
  here.get(self, {.kind = message_kind::units, .workers = 3, .id = 2, .value = 5});
  const auto back = here.next();
  EXPECT_EQ(back.to, self);
  EXPECT_EQ(back.what.kind, message_kind::units_back);
  EXPECT_EQ(back.what.id, 2U);
  EXPECT_EQ(back.what.workers, 3U);
}

TEST(limits_of_a_node, are_settled_at_once_at_the_end) {
  bare_node::settings chosen;
  bare_node here(chosen.on(three).of(4));
  here.get(one, {.kind = message_kind::shutdown});
  here.sent.clear();
  here.node.declare_limit(1, "late", 1, false);
  EXPECT_EQ(here.settled, (answers{{1, true}}));
  EXPECT_TRUE(here.sent.empty());
}

}  // namespace
