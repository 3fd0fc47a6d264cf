// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors
#include "core/sched/wait/limits.hpp"

#include <gtest/gtest.h>

#include <optional>
#include <string>
#include <vector>

#include "core/sched/queue/claims.hpp"
#include "core/task/extras.hpp"
#include "unit_tests/sched/bare_record.hpp"

namespace {

using torc::sched::limits;
using task_list = std::vector<torc::detail::record*>;
const task_list nobody;

/// Limits whose tasks are on the test's stack: nobody gives them up.
struct bare_limits : limits {
  bare_limits() : limits(nullptr, 4) {}
  task_list acquired(torc::detail::record& task) { return acquire(task, torc::sched::mobility::anywhere, revoked); }
  bool has(torc::detail::record& task) { return acquired(task) == task_list{&task}; }
  task_list declare(const std::string& name, std::int64_t capacity, bool is_per_node = false) {
    return limits::declare(0, name, capacity, is_per_node, revoked);
  }
  task_list release(torc::detail::record& task) { return limits::release(task, revoked); }
  torc::sched::revoked_tasks revoked;
};

/// A task that names a limit.
struct limited_task : tests::bare_record {
  explicit limited_task(const std::string& limit, std::optional<double> priority = {}, int units = 1) {
    auto& options = torc::task::extras_of(*this).options;
    options.limit = {limit, units};
    flags |= torc::detail::record_flags::of_primary;
    if (priority) torc::sched::set_priority(*this, *priority);
  }
  limited_task(const limited_task&) = delete;
  limited_task& operator=(const limited_task&) = delete;
  ~limited_task() { delete extras; }
};

TEST(limits, are_known_by_their_names) {
  bare_limits all;
  EXPECT_EQ(all.names(), "none");
  EXPECT_EQ(all.capacity_of("licence"), std::nullopt);
  all.declare("licence", 1);
  all.declare("disk", 2);
  EXPECT_EQ(all.capacity_of("licence"), 1);
  EXPECT_EQ(all.names(), "'disk', 'licence'");
}

TEST(limits, keep_tasks_above_their_capacity_until_others_are_over) {
  bare_limits all;
  all.declare("licence", 2);
  limited_task a("licence");
  limited_task b("licence");
  limited_task c("licence");
  limited_task d("licence");
  EXPECT_TRUE(all.has(a));
  EXPECT_TRUE(all.has(b));
  EXPECT_FALSE(all.has(c));
  EXPECT_FALSE(all.has(d));
  EXPECT_EQ(all.release(a), task_list{&c});
  EXPECT_TRUE(all.has(c)) << "it came back with the limit";
  EXPECT_EQ(all.release(c), task_list{&d});
  EXPECT_EQ(all.release(b), nobody);
  EXPECT_EQ(all.release(d), nobody);
  EXPECT_TRUE(all.has(a));
}

TEST(limits, do_not_count_for_each_other) {
  bare_limits all;
  all.declare("licence", 1);
  all.declare("disk", 1);
  limited_task a("licence");
  limited_task b("disk");
  EXPECT_TRUE(all.has(a));
  EXPECT_TRUE(all.has(b));
}

TEST(limits, are_handed_to_the_greatest_priority_first) {
  bare_limits all;
  all.declare("licence", 1);
  limited_task running("licence");
  limited_task plain("licence");
  limited_task low("licence", 1);
  limited_task high("licence", 2);
  ASSERT_TRUE(all.has(running));
  for (limited_task* task : {&plain, &low, &high}) ASSERT_FALSE(all.has(*task));
  EXPECT_EQ(all.release(running), task_list{&high});
  EXPECT_EQ(all.release(high), task_list{&low});
  EXPECT_EQ(all.release(low), task_list{&plain});
}

TEST(limits, let_waiting_tasks_go_when_their_capacity_grows) {
  bare_limits all;
  all.declare("licence", 1);
  std::vector<std::unique_ptr<limited_task>> tasks;
  for (int i = 0; i < 4; ++i) {
    tasks.push_back(std::make_unique<limited_task>("licence"));
    EXPECT_EQ(all.has(*tasks.back()), i == 0);
  }
  const auto may_go = all.declare("licence", 3);
  ASSERT_EQ(may_go.size(), 2U);
  EXPECT_EQ(may_go[0], tasks[1].get());
  EXPECT_EQ(may_go[1], tasks[2].get());
}

TEST(limits, hand_nothing_on_while_more_run_than_a_smaller_capacity_allows) {
  bare_limits all;
  all.declare("licence", 2);
  limited_task a("licence");
  limited_task b("licence");
  limited_task c("licence");
  EXPECT_TRUE(all.has(a));
  EXPECT_TRUE(all.has(b));
  EXPECT_FALSE(all.has(c));
  EXPECT_TRUE(all.declare("licence", 1).empty());
  EXPECT_EQ(all.release(a), nobody);
  EXPECT_EQ(all.release(b), task_list{&c});
}

TEST(limits, give_up_what_waits_at_the_end) {
  bare_limits all;
  all.declare("licence", 1);
  limited_task running("licence");
  limited_task waiting("licence");
  ASSERT_TRUE(all.has(running));
  ASSERT_FALSE(all.has(waiting));
  EXPECT_EQ(all.take_waiting(), &waiting);
  EXPECT_EQ(all.take_waiting(), nullptr);
}

TEST(limits, let_no_task_with_fewer_units_pass) {
  bare_limits all;
  all.declare("memory_gb", 8, true);
  limited_task first("memory_gb", {}, 4);
  limited_task large("memory_gb", {}, 6);
  limited_task small("memory_gb", {}, 2);
  EXPECT_TRUE(all.has(first));
  EXPECT_FALSE(all.has(large));
  EXPECT_FALSE(all.has(small)) << "though there are 4 units";
  EXPECT_EQ(all.release(first), (task_list{&large, &small}));
}

TEST(limits, pass_over_cancelled_tasks) {
  bare_limits all;
  all.declare("memory_gb", 4, true);
  limited_task running("memory_gb", {}, 2);
  limited_task unwanted("memory_gb", {}, 4);
  limited_task small("memory_gb", {}, 2);
  ASSERT_TRUE(all.has(running));
  ASSERT_FALSE(all.has(unwanted));
  ASSERT_FALSE(all.has(small));
  ASSERT_EQ(torc::sched::revoke(unwanted), torc::sched::revocation::won);
  EXPECT_EQ(all.release(unwanted), task_list{&small}) << "it does not wait for what the cancelled one wanted";
}

TEST(limits, go_to_who_was_behind_a_cancelled_task_before_who_comes_next) {
  bare_limits all;
  all.declare("memory_gb", 4, true);
  limited_task running("memory_gb", {}, 2);
  limited_task unwanted("memory_gb", {}, 4);
  limited_task waiting("memory_gb", {}, 2);
  limited_task last("memory_gb", {}, 2);
  ASSERT_TRUE(all.has(running));
  ASSERT_FALSE(all.has(unwanted));
  ASSERT_FALSE(all.has(waiting));
  ASSERT_EQ(torc::sched::revoke(unwanted), torc::sched::revocation::won);
  EXPECT_EQ(all.acquired(last), task_list{&waiting}) << "before the other thread says that it has cancelled one";
  EXPECT_EQ(all.revoked.pop(), &unwanted);
  EXPECT_EQ(all.release(waiting), task_list{&last});
}

TEST(limits, let_cancelled_tasks_be_taken_out) {
  bare_limits all;
  all.declare("licence", 1);
  limited_task running("licence");
  limited_task waiting("licence");
  limited_task unwanted("licence");
  ASSERT_TRUE(all.has(running));
  ASSERT_FALSE(all.has(waiting));
  ASSERT_FALSE(all.has(unwanted));
  ASSERT_EQ(torc::sched::revoke(unwanted), torc::sched::revocation::won);
  torc::sched::revoked_tasks taken;
  EXPECT_EQ(all.take_revoked(taken), 1U) << "the other one waits";
  EXPECT_EQ(taken.pop(), &unwanted);
  EXPECT_EQ(all.release(running), task_list{&waiting});
}

TEST(limits, of_a_cancelled_task_that_has_its_units_are_free_at_once) {
  bare_limits all;
  all.declare("licence", 1);
  limited_task unwanted("licence");
  limited_task next("licence");
  ASSERT_TRUE(all.has(unwanted));
  ASSERT_FALSE(all.has(next));
  ASSERT_EQ(torc::sched::revoke(unwanted), torc::sched::revocation::won);
  EXPECT_EQ(all.release(unwanted), task_list{&next});
  EXPECT_TRUE(all.has(unwanted)) << "it needs none";
  EXPECT_EQ(all.release(unwanted), nobody) << "by whoever takes it out of its queue";
}

}  // namespace
