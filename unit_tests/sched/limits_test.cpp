// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors
#include "core/sched/limits.hpp"

#include <gtest/gtest.h>

#include <optional>
#include <string>
#include <vector>

#include "core/task/extras.hpp"
#include "unit_tests/sched/bare_record.hpp"

namespace {

using torc::sched::limits;

/// A task that names a limit.
struct limited_task : tests::bare_record {
  explicit limited_task(const std::string& limit, std::optional<double> priority = {}) {
    auto& options = torc::task::extras_of(*this).options;
    options.limit = limit;
    flags |= torc::detail::record_flags::of_primary;
    if (priority) torc::sched::set_priority(*this, *priority);
  }
  limited_task(const limited_task&) = delete;
  limited_task& operator=(const limited_task&) = delete;
  ~limited_task() { delete extras; }
};

TEST(limits, are_known_by_their_names) {
  limits all;
  EXPECT_EQ(all.names(), "none");
  EXPECT_FALSE(all.has("licence"));
  all.set("licence", 1);
  all.set("disk", 2);
  EXPECT_TRUE(all.has("licence"));
  EXPECT_EQ(all.names(), "'disk', 'licence'");
}

TEST(limits, keep_tasks_above_their_capacity_until_others_are_over) {
  limits all;
  all.set("licence", 2);
  limited_task a("licence");
  limited_task b("licence");
  limited_task c("licence");
  limited_task d("licence");
  EXPECT_TRUE(all.acquire(a));
  EXPECT_TRUE(all.acquire(b));
  EXPECT_FALSE(all.acquire(c));
  EXPECT_FALSE(all.acquire(d));
  EXPECT_EQ(all.release(a), &c);
  EXPECT_TRUE(all.acquire(c)) << "it came back with the limit";
  EXPECT_EQ(all.release(c), &d);
  EXPECT_EQ(all.release(b), nullptr);
  EXPECT_EQ(all.release(d), nullptr);
  EXPECT_TRUE(all.acquire(a));
}

TEST(limits, do_not_count_for_each_other) {
  limits all;
  all.set("licence", 1);
  all.set("disk", 1);
  limited_task a("licence");
  limited_task b("disk");
  EXPECT_TRUE(all.acquire(a));
  EXPECT_TRUE(all.acquire(b));
}

TEST(limits, are_handed_to_the_greatest_priority_first) {
  limits all;
  all.set("licence", 1);
  limited_task running("licence");
  limited_task plain("licence");
  limited_task low("licence", 1);
  limited_task high("licence", 2);
  ASSERT_TRUE(all.acquire(running));
  for (limited_task* task : {&plain, &low, &high}) ASSERT_FALSE(all.acquire(*task));
  EXPECT_EQ(all.release(running), &high);
  EXPECT_EQ(all.release(high), &low);
  EXPECT_EQ(all.release(low), &plain);
}

TEST(limits, let_waiting_tasks_go_when_their_capacity_grows) {
  limits all;
  all.set("licence", 1);
  std::vector<std::unique_ptr<limited_task>> tasks;
  for (int i = 0; i < 4; ++i) {
    tasks.push_back(std::make_unique<limited_task>("licence"));
    EXPECT_EQ(all.acquire(*tasks.back()), i == 0);
  }
  const auto freed = all.set("licence", 3);
  ASSERT_EQ(freed.size(), 2U);
  EXPECT_EQ(freed[0], tasks[1].get());
  EXPECT_EQ(freed[1], tasks[2].get());
}

TEST(limits, hand_nothing_on_while_more_run_than_a_smaller_capacity_allows) {
  limits all;
  all.set("licence", 2);
  limited_task a("licence");
  limited_task b("licence");
  limited_task c("licence");
  EXPECT_TRUE(all.acquire(a));
  EXPECT_TRUE(all.acquire(b));
  EXPECT_FALSE(all.acquire(c));
  EXPECT_TRUE(all.set("licence", 1).empty());
  EXPECT_EQ(all.release(a), nullptr);
  EXPECT_EQ(all.release(b), &c);
}

TEST(limits, give_up_what_waits_at_the_end) {
  limits all;
  all.set("licence", 1);
  limited_task running("licence");
  limited_task waiting("licence");
  ASSERT_TRUE(all.acquire(running));
  ASSERT_FALSE(all.acquire(waiting));
  EXPECT_EQ(all.take_leftover(), &waiting);
  EXPECT_EQ(all.take_leftover(), nullptr);
}

}  // namespace
