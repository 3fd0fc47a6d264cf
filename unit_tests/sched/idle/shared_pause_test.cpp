// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors
#include "core/sched/idle/shared_pause.hpp"

#include <gtest/gtest.h>

#include <limits>

namespace {

using namespace std::chrono_literals;
using torc::sched::shared_pause;

TEST(shared_pause, is_as_it_was_asked_for_where_each_worker_has_a_core) {
  EXPECT_EQ(shared_pause(10ms, 0, 4), 10ms);
  EXPECT_EQ(shared_pause(10ms, 1, 4), 10ms);
  EXPECT_EQ(shared_pause(10ms, 4, 4), 10ms);
  EXPECT_EQ(shared_pause(10ms, 4096, std::numeric_limits<int>::max()), 10ms);
}

TEST(shared_pause, is_longer_the_more_workers_share_a_core) {
  EXPECT_EQ(shared_pause(10ms, 8, 2), 40ms);
  EXPECT_EQ(shared_pause(10ms, 4096, 2), 20'480ms);
  EXPECT_EQ(shared_pause(100us, 3, 0), 300us) << "where other processes have all cores";
}

}  // namespace
