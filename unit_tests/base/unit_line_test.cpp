// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors
#include "core/base/unit_line.hpp"

#include <gtest/gtest.h>

#include <vector>

namespace {

using tickets = torc::base::unit_line<int>;

tickets of_capacity(std::int64_t units) {
  tickets made;
  made.set_capacity(units);
  return made;
}

/// Who may go now.
std::vector<int> granted(tickets& from) {
  std::vector<int> result;
  while (const auto next = from.next()) result.push_back(next->to);
  return result;
}

TEST(unit_line, grants_what_there_is_in_the_order_of_the_requests) {
  tickets l = of_capacity(3);
  for (int i = 0; i < 5; ++i) l.ask(i, 1);
  EXPECT_EQ(granted(l), (std::vector{0, 1, 2}));
  l.give_back(2);
  EXPECT_EQ(granted(l), (std::vector{3, 4}));
  EXPECT_EQ(l.in_use(), 3);
}

TEST(unit_line, lets_nobody_with_fewer_units_pass) {
  tickets l = of_capacity(6);
  l.ask(0, 1);
  l.ask(1, 6);
  l.ask(2, 1);
  EXPECT_EQ(granted(l), std::vector{0});
  l.ask(3, 1);
  EXPECT_EQ(granted(l), std::vector<int>{});
  l.give_back(1);
  EXPECT_EQ(granted(l), std::vector{1});
  l.give_back(6);
  EXPECT_EQ(granted(l), (std::vector{2, 3}));
}

TEST(unit_line, may_be_used_up_where_as_many_as_were_wanted_are_not_left) {
  tickets l = of_capacity(3);
  EXPECT_FALSE(l.may_be_used_up());
  l.ask(0, 1);
  l.ask(1, 1);
  EXPECT_TRUE(l.may_be_used_up()) << "somebody waits";
  granted(l);
  EXPECT_FALSE(l.may_be_used_up());
  l.ask(2, 1);
  granted(l);
  EXPECT_TRUE(l.may_be_used_up());
  l.give_back(2);
  EXPECT_FALSE(l.may_be_used_up());
  l.give_back(1);
  l.ask(3, 5);
  granted(l);
  l.give_back(2);
  EXPECT_TRUE(l.may_be_used_up()) << "all of it was wanted";
  l.give_back(1);
  EXPECT_FALSE(l.may_be_used_up());
}

TEST(unit_line, takes_greater_priorities_first) {
  tickets l = of_capacity(1);
  l.ask(0, 1, 1);
  l.ask(1, 1, 2);
  l.ask(2, 1, 2);
  std::vector<int> order;
  for (int i = 0; i < 3; ++i) {
    const auto next = l.next();
    ASSERT_TRUE(next.has_value());
    order.push_back(next->to);
    l.give_back(next->units);
  }
  EXPECT_EQ(order, (std::vector{1, 2, 0}));
}

TEST(unit_line, gives_all_of_a_smaller_capacity_to_who_wanted_more) {
  tickets l = of_capacity(8);
  l.ask(0, 8);
  l.ask(1, 6);
  EXPECT_EQ(granted(l), std::vector{0});
  l.set_capacity(4);
  EXPECT_EQ(granted(l), std::vector<int>{});
  l.give_back(8);
  const auto next = l.next();
  ASSERT_TRUE(next.has_value());
  EXPECT_EQ(next->units, 4);
  l.give_back(next->units);
  EXPECT_EQ(l.in_use(), 0);
}

TEST(unit_line, may_be_left_without_units) {
  tickets l = of_capacity(1);
  l.ask(7, 1);
  l.ask(8, 1);
  EXPECT_EQ(l.dismiss(), 7);
  EXPECT_EQ(granted(l), std::vector{8});
  EXPECT_EQ(l.dismiss(), std::nullopt);
}

}  // namespace
