// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors
#include "core/runtime/published.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <optional>
#include <thread>

namespace {

using published = torc::runtime::published<int>;

TEST(published, is_closed_once_nobody_uses_it_and_found_by_nobody_meanwhile) {
  published some;
  EXPECT_FALSE(published::use(some, nullptr));
  some.close();
  int object = 5;
  some.open(object);
  std::optional<published::use> first(std::in_place, some, nullptr);
  EXPECT_EQ(&**first, &object);
  std::atomic<bool> is_closed{false};
  std::thread closing([&] {
    some.close();
    is_closed = true;
  });
  while (some.look() != nullptr) std::this_thread::yield();
  EXPECT_FALSE(published::use(some, nullptr));
  EXPECT_FALSE(is_closed);
  first.reset();
  closing.join();
  EXPECT_TRUE(is_closed);
}

TEST(published, is_not_waited_for_by_who_has_it_open_anyway) {
  published some;
  int object = 5;
  some.open(object);
  const published::use kept(some, &object);
  some.close();
  EXPECT_EQ(*kept, 5);
}

}  // namespace
