// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <functional>
#include <string>
#include <vector>

#include "unit_tests/protocol/bare_node.hpp"

/// What cannot be is refused, whatever it is: one row for each check.
namespace {

using namespace tests;  // NOLINT(google-build-using-namespace): short names make the exchanges readable

struct impossible {
  std::string name;
  std::string complaint;
  node_id where;                           ///< the node that gets it
  std::function<void(bare_node&)> before;  ///< what happened there
  node_id from;
  message what;
};

std::ostream& operator<<(std::ostream& out, const impossible& row) { return out << row.name; }

constexpr std::uint8_t handed_on = flags::movable | flags::stolen;

/// The first task that a node sends away has this name.
constexpr std::uint64_t first_name = std::uint64_t{1} << 32U;

void nothing(bare_node& /*here*/) {}
void sends_a_task_to_two(bare_node& here) { here.node.place(task_ref{1}, two, flags::movable); }
void asks_two_for_a_place(bare_node& here) { here.node.place(task_ref{1}, two, flags::limited, 3); }
/// Two.
void gives_places_to_one(bare_node& here) {
  here.get(one, {.kind = message_kind::ask_places, .workers = 3, .value = 2});
}
/// Node 2, which is a child of node 0 and has none.
void shuts_down(bare_node& here) { here.get(self, {.kind = message_kind::shutdown}); }
void has_ended(bare_node& here) {
  shuts_down(here);
  here.node.drained();
  here.get(self, {.kind = message_kind::end});
}

std::vector<impossible> table() {
  using kind = message_kind;
  const auto asks_to_cancel = [](bare_node& here) {
    sends_a_task_to_two(here);
    here.node.cancel(first_name);
  };
  const auto declares_a_limit = [](bare_node& here) { here.node.declare_limit(1, "licence", 1, false); };
  const auto knows_guests_by_name = [](bare_node& here) {
    here.get_task(two, 9);
    here.get(two, {.kind = kind::cancel, .home = two, .id = 1});
  };
  const auto is_root_that_has_counted = [](bare_node& here) {
    here.node.shutdown(0);
    here.node.drained();
    here.get(one, {.kind = kind::tally});
    here.get(two, {.kind = kind::tally, .value = 1});  // another round
    here.get(one, {.kind = kind::tally});
  };
  const auto has_got_a_gift = [](bare_node& here) {
    here.node.starving({});
    while (here.count(kind::lifeline) == 0) here.get(here.next().to, {.kind = kind::steal_reply});
    here.get(one, {.kind = kind::gift, .value = 1});
  };
  return {
      {"after_the_end", "after the end", two, has_ended, self, {.kind = kind::credit}},
      {"home_beyond_the_nodes", "node that does not exist", self, nothing, one, {.kind = kind::credit, .home = four}},
      {"home_below_the_nodes",
       "node that does not exist",
       self,
       nothing,
       one,
       {.kind = kind::credit, .home = node_id{-1}}},
      {"unknown_flags_of_a_task", "flags", self, nothing, one, {.kind = kind::task, .flags = 128, .home = one}},
      {"flags_of_a_task_on_a_result", "flags", self, nothing, one, {.kind = kind::result, .flags = flags::movable}},
      {"flags_on_credit", "flags", self, nothing, one, {.kind = kind::credit, .flags = flags::failed}},
      {"unknown_kind",
       "unknown kind",
       self,
       nothing,
       one,
       {.kind = static_cast<kind>(torc::protocol::num_message_kinds)}},

      {"task_from_home_with_hops",
       "past",
       self,
       nothing,
       one,
       {.kind = kind::task, .flags = handed_on, .hops = 1, .home = one}},
      {"task_from_elsewhere_without_hops",
       "past",
       self,
       nothing,
       one,
       {.kind = kind::task, .flags = handed_on, .home = two}},
      {"task_handed_on_and_not_stolen", "past", self, nothing, one, {.kind = kind::task, .hops = 1, .home = two}},
      {"own_task_that_was_never_sent",
       "as its own",
       self,
       nothing,
       one,
       {.kind = kind::task, .flags = handed_on, .hops = 1, .home = self}},
      {"own_task_from_who_does_not_hold_it",
       "as its own",
       self,
       sends_a_task_to_two,
       one,
       {.kind = kind::task, .flags = handed_on, .hops = 1, .home = self, .id = first_name}},
      {"task_with_a_limit_without_a_place",
       "no place",
       self,
       nothing,
       one,
       {.kind = kind::task, .flags = flags::limited, .home = one, .workers = 3}},
      {"task_with_a_limit_with_the_place_of_another",
       "no place",
       self,
       gives_places_to_one,
       two,
       {.kind = kind::task, .flags = flags::limited, .home = two, .workers = 3}},
      {"task_with_a_place_that_needs_none",
       "takes a place",
       self,
       gives_places_to_one,
       one,
       {.kind = kind::task, .flags = flags::limited | flags::nested, .home = one, .workers = 3}},
      {"task_that_asks_for_too_many_places",
       "more places",
       self,
       gives_places_to_one,
       one,
       {.kind = kind::task,
        .flags = flags::limited,
        .home = one,
        .workers = 3,
        .value = torc::protocol::limit_places::most_asked + 1}},
      {"request_for_no_places", "more places", self, nothing, one, {.kind = kind::ask_places, .workers = 3}},
      {"request_for_too_many_places",
       "more places",
       self,
       nothing,
       one,
       {.kind = kind::ask_places, .workers = 3, .value = torc::protocol::limit_places::most_asked + 1}},
      {"places_unasked", "did not ask for", self, nothing, two, {.kind = kind::places, .workers = 3, .value = 1}},
      {"no_places", "did not ask for", self, asks_two_for_a_place, two, {.kind = kind::places, .workers = 3}},
      {"more_places_than_asked_for",
       "did not ask for",
       self,
       asks_two_for_a_place,
       two,
       {.kind = kind::places, .workers = 3, .value = 2}},
      {"places_of_another_limit",
       "did not ask for",
       self,
       asks_two_for_a_place,
       two,
       {.kind = kind::places, .workers = 4, .value = 1}},
      {"places_back_that_it_never_had",
       "more places",
       self,
       nothing,
       one,
       {.kind = kind::return_places, .workers = 3, .value = 1}},
      {"more_places_back_than_it_had",
       "more places",
       self,
       gives_places_to_one,
       one,
       {.kind = kind::return_places, .workers = 3, .value = 3}},
      {"no_places_back", "more places", self, gives_places_to_one, one, {.kind = kind::return_places, .workers = 3}},
      {"task_that_is_here",
       "here already",
       self,
       knows_guests_by_name,
       two,
       {.kind = kind::task, .home = two, .id = 9}},

      {"survey_past_the_tree", "along the tree", three, nothing, self, {.kind = kind::survey}},
      {"second_survey",
       "second survey",
       one,
       [](bare_node& here) { here.get(self, {.kind = kind::survey}); },
       self,
       {.kind = kind::survey}},
      {"counts_without_a_survey", "counts that it has not asked for", self, nothing, one, {.kind = kind::survey_part}},
      {"counts_of_another_size",
       "counts of another size",
       self,
       [](bare_node& here) { here.node.survey(); },
       one,
       {.kind = kind::survey_part}},

      {"result_of_no_task", "not away", self, nothing, one, {.kind = kind::result, .id = first_name}},
      {"result_of_another_holder",
       "another node holds",
       self,
       sends_a_task_to_two,
       one,
       {.kind = kind::result, .id = first_name}},
      {"second_result",
       "not away",
       self,
       [](bare_node& here) {
         sends_a_task_to_two(here);
         here.get(two, {.kind = kind::result, .id = first_name, .value = 356});
       },
       two,
       {.kind = kind::result, .id = first_name}},
      {"credit_for_nothing", "more credit", self, nothing, one, {.kind = kind::credit, .value = 1}},
      {"credit_of_64_bits",
       "more credit",
       self,
       sends_a_task_to_two,
       two,
       {.kind = kind::credit, .value = ~std::uint64_t{0}}},
      {"result_with_too_much_credit",
       "more credit",
       self,
       sends_a_task_to_two,
       two,
       {.kind = kind::result, .id = first_name, .value = 357}},

      {"cancel_for_another", "of another node", self, nothing, one, {.kind = kind::cancel, .home = two}},
      {"answer_to_no_question",
       "did not ask",
       self,
       sends_a_task_to_two,
       two,
       {.kind = kind::cancel_answer, .id = first_name, .value = 2}},
      {"verdict_of_results",
       "verdict",
       self,
       asks_to_cancel,
       two,
       {.kind = kind::cancel_answer, .id = first_name, .value = 1}},
      {"verdict_that_is_none",
       "verdict",
       self,
       asks_to_cancel,
       two,
       {.kind = kind::cancel_answer, .id = first_name, .value = 3}},

      {"reply_to_no_request", "did not make", self, nothing, one, {.kind = kind::steal_reply}},
      {"reply_of_another",
       "did not make",
       self,
       [](bare_node& here) { here.node.starving({}); },
       four,
       {.kind = kind::steal_reply}},
      {"gift_to_who_does_not_wait", "gift", self, nothing, one, {.kind = kind::gift, .value = 1}},
      {"gift_of_no_lifeline", "gift", self, nothing, three, {.kind = kind::gift, .value = 1}},
      {"second_gift", "gift", self, has_got_a_gift, one, {.kind = kind::gift, .value = 1}},
      {"stealing_neither_on_nor_off", "neither", self, nothing, one, {.kind = kind::set_stealing, .value = 2}},
      {"decision_sent_to_node_0", "node 0's", self, nothing, one, {.kind = kind::set_stealing, .id = 1}},
      {"decision_that_overtook_another", "out of order", one, nothing, self, {.kind = kind::set_stealing, .id = 2}},
      {"decision_from_aside", "along the tree", one, nothing, two, {.kind = kind::set_stealing, .id = 1}},

      {"abandoned_by_another", "along the tree", one, nothing, two, {.kind = kind::abandon}},
      {"stopped_by_another", "along the tree", one, nothing, two, {.kind = kind::stop, .value = 2}},
      {"stopped_twice",
       "second order",
       one,
       [](bare_node& here) { here.get(self, {.kind = kind::stop, .value = 2}); },
       self,
       {.kind = kind::stop, .value = 2}},
      {"returned_by_another", "along the tree", one, nothing, two, {.kind = kind::returned}},
      {"broadcast_from_aside", "along the tree", self, nothing, one, {.kind = kind::broadcast, .home = two}},
      {"broadcast_of_its_own", "along the tree", self, nothing, one, {.kind = kind::broadcast, .home = self}},
      {"forget_from_aside", "along the tree", self, nothing, one, {.kind = kind::forget, .home = two}},
      {"spmd_request_at_another_node", "node 0's to grant", one, nothing, two, {.kind = kind::spmd_acquire}},
      {"spmd_turn_without_a_request", "turn for an spmd", one, nothing, self, {.kind = kind::spmd_grant}},
      {"spmd_turn_from_another",
       "turn for an spmd",
       one,
       [](bare_node& here) { here.node.acquire_spmd(); },
       two,
       {.kind = kind::spmd_grant}},
      {"spmd_end_without_a_turn", "not its own", self, nothing, one, {.kind = kind::spmd_release}},
      {"spmd_end_of_another",
       "not its own",
       self,
       [](bare_node& here) { here.get(two, {.kind = kind::spmd_acquire}); },
       one,
       {.kind = kind::spmd_release}},

      {"limit_request_at_another_node",
       "node 0's to declare",
       one,
       nothing,
       two,
       {.kind = kind::limit_request, .value = 1}},
      {"limit_without_units", "cannot be", self, nothing, one, {.kind = kind::limit_request}},
      {"limit_with_too_many_units", "cannot be", self, nothing, one, {.kind = kind::limit_request, .value = 1U << 31U}},
      {"limit_from_aside", "along the tree", one, nothing, two, {.kind = kind::limit, .value = 1}},
      {"limit_out_of_order", "out of order", one, nothing, self, {.kind = kind::limit, .id = 1, .value = 1}},
      {"limit_heard_untold", "not told", self, nothing, one, {.kind = kind::limit_heard}},
      {"limit_heard_by_no_child", "not told", self, declares_a_limit, three, {.kind = kind::limit_heard}},
      {"limit_settled_by_another", "node 0's to give", one, nothing, two, {.kind = kind::limit_settled}},
      {"units_of_no_limit", "does not count", self, nothing, one, {.kind = kind::units_request, .workers = 1}},
      {"units_requested_at_another_node",
       "does not count",
       one,
       nothing,
       two,
       {.kind = kind::units_request, .workers = 1}},
      {"no_units_requested", "wish for units", self, declares_a_limit, one, {.kind = kind::units_request}},
      {"units_back_unused", "not in use", self, declares_a_limit, one, {.kind = kind::units_back, .workers = 1}},
      {"units_from_another", "node 0's to give", one, nothing, two, {.kind = kind::units, .workers = 1}},
      {"no_units", "node 0's to give", one, nothing, self, {.kind = kind::units}},

      {"shutdown_of_node_0_by_another", "along the tree", self, nothing, one, {.kind = kind::shutdown}},
      {"second_shutdown", "second shutdown", two, shuts_down, self, {.kind = kind::shutdown}},
      {"count_before_shutdown", "wrong time", one, nothing, self, {.kind = kind::tally_request}},
      {"count_while_counting", "wrong time", one, shuts_down, self, {.kind = kind::tally_request}},
      {"sums_of_no_child", "sums", self, nothing, three, {.kind = kind::tally}},
      {"sums_unasked", "sums", self, nothing, one, {.kind = kind::tally}},
      {"sums_of_no_child_while_it_counts", "sums", self, is_root_that_has_counted, three, {.kind = kind::tally}},
      {"end_before_shutdown", "wrong time", one, nothing, self, {.kind = kind::end}},
      {"end_while_counting", "wrong time", one, shuts_down, self, {.kind = kind::end}},
  };
}

class violations : public testing::TestWithParam<impossible> {};

TEST_P(violations, are_refused) {
  const impossible& row = GetParam();
  bare_node::settings chosen;
  // Node 0 is the parent of nodes 1 and 2, and node 1 that of node 3.
  bare_node here(chosen.on(row.where).of(4));
  row.before(here);
  try {
    here.get(row.from, row.what);
    ADD_FAILURE() << "it was believed";
  } catch (const torc::protocol::violation& refused) {
    EXPECT_THAT(refused.what(), testing::HasSubstr(row.complaint));
    EXPECT_THAT(refused.what(), testing::HasSubstr("from node " + std::to_string(number_of(row.from))));
  }
}

INSTANTIATE_TEST_SUITE_P(all, violations, testing::ValuesIn(table()), [](const auto& row) { return row.param.name; });

TEST(violations_of_the_runtime, are_refused_too) {
  bare_node::settings elsewhere;
  bare_node here(elsewhere.on(one));
  EXPECT_THROW(here.node.abandon(), torc::protocol::violation);
  EXPECT_THROW(here.node.announce_return(), torc::protocol::violation);
  EXPECT_THROW(here.node.shutdown(0), torc::protocol::violation);
  EXPECT_THROW(here.node.finished(99, 0, {}), torc::protocol::violation);
}

}  // namespace
