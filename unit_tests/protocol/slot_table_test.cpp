// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors
#include "core/protocol/slot_table.hpp"

#include <gtest/gtest.h>

#include <set>
#include <vector>

namespace {

using torc::protocol::slot_table;

TEST(slot_table, finds_what_was_inserted_by_its_name) {
  slot_table<int> table;
  const auto first = table.insert(1);
  const auto second = table.insert(2);
  ASSERT_NE(table.find(first), nullptr);
  EXPECT_EQ(*table.find(first), 1);
  EXPECT_EQ(*table.find(second), 2);
  EXPECT_EQ(table.size(), 2U);
}

TEST(slot_table, never_uses_a_name_twice) {
  slot_table<int> table;
  std::set<std::uint64_t> names;
  for (int i = 0; i < 1000; ++i) {
    const auto name = table.insert(i);
    EXPECT_TRUE(names.insert(name).second);
    if (i % 3 != 0) table.erase(name);
  }
}

TEST(slot_table, has_no_name_zero) {
  slot_table<int> table;
  EXPECT_NE(table.insert(1), 0U);
  EXPECT_EQ(table.find(0), nullptr);
}

TEST(slot_table, does_not_find_names_that_were_erased_or_never_given) {
  slot_table<int> table;
  const auto name = table.insert(1);
  table.erase(name);
  EXPECT_EQ(table.find(name), nullptr);
  EXPECT_NE(table.insert(2), name);
  EXPECT_EQ(table.find(name), nullptr) << "although its slot is taken again";
  EXPECT_EQ(table.find(99), nullptr);
  EXPECT_EQ(table.find(~std::uint64_t{0}), nullptr);
}

TEST(slot_table, visits_what_is_there_with_its_name) {
  slot_table<int> table;
  std::vector<std::uint64_t> names;
  for (int i = 0; i < 5; ++i) names.push_back(table.insert(i));
  table.erase(names[2]);
  int visits = 0;
  table.for_each([&](std::uint64_t name, int value) {
    ++visits;
    EXPECT_EQ(name, names[static_cast<std::size_t>(value)]);
    EXPECT_NE(value, 2);
  });
  EXPECT_EQ(visits, 4);
}

}  // namespace
