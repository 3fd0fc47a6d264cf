// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors
#include "core/sched/wait/gangs.hpp"

#include <gtest/gtest.h>

#include <array>
#include <memory>

#include "core/sched/wait/mailbox.hpp"
#include "unit_tests/sched/bare_record.hpp"

namespace {

using torc::sched::event_count;
using torc::sched::gang;
using torc::sched::gangs;
using torc::sched::mailbox;
using torc::sched::parker;

/// What a gang knows of a worker: who joins is up to the test.
struct bare_worker {
  explicit bare_worker(int local_id) : box(local_id, sleepers, own) {}
  parker own;
  event_count sleepers{{&own}};
  mailbox box;
};

class gangs_of_4_workers : public ::testing::Test {
 protected:
  mailbox& at(std::size_t i) { return m_workers[i].box; }

  tests::bare_record m_task;
  tests::bare_record m_other;
  gangs m_gangs;

 private:
  std::array<bare_worker, 4> m_workers{bare_worker(0), bare_worker(1), bare_worker(2), bare_worker(3)};
};

TEST_F(gangs_of_4_workers, begin_with_the_last_to_join) {
  EXPECT_FALSE(m_gangs.is_wanted());
  EXPECT_EQ(m_gangs.join(at(0)), nullptr);
  m_gangs.request(m_task, 2);
  EXPECT_TRUE(m_gangs.is_wanted());
  const auto g = m_gangs.join(at(2));
  ASSERT_NE(g, nullptr);
  EXPECT_EQ(g->task, &m_task);
  EXPECT_FALSE(m_gangs.try_begin(at(2), *g)) << "one is missing";
  ASSERT_EQ(m_gangs.join(at(1)), g);
  EXPECT_FALSE(m_gangs.can_begin(at(2), *g));
  EXPECT_TRUE(m_gangs.can_begin(at(1), *g));
  EXPECT_TRUE(m_gangs.try_begin(at(1), *g));
  EXPECT_FALSE(m_gangs.try_begin(at(1), *g)) << "only once";
  EXPECT_FALSE(m_gangs.is_wanted());
  EXPECT_FALSE(g->is_over);
  m_gangs.disband(*g);
  EXPECT_TRUE(g->is_over);
}

TEST_F(gangs_of_4_workers, are_assembled_one_after_the_other) {
  m_gangs.request(m_task, 2);
  m_gangs.request(m_other, 3);
  const auto first = m_gangs.join(at(0));
  m_gangs.join(at(1));
  EXPECT_FALSE(m_gangs.has_place_for(at(2)));
  EXPECT_EQ(m_gangs.join(at(2)), nullptr) << "the first is complete and has not begun";
  EXPECT_TRUE(m_gangs.try_begin(at(1), *first));
  EXPECT_TRUE(m_gangs.has_place_for(at(2)));
  const auto second = m_gangs.join(at(2));
  ASSERT_NE(second, nullptr);
  EXPECT_EQ(second->task, &m_other);
}

TEST_F(gangs_of_4_workers, may_be_left_until_they_are_complete) {
  m_gangs.request(m_task, 2);
  const auto g = m_gangs.join(at(0));
  EXPECT_TRUE(m_gangs.leave(at(0), *g));
  EXPECT_EQ(m_gangs.join(at(1)), g);
  EXPECT_EQ(m_gangs.join(at(2)), g);
  EXPECT_FALSE(m_gangs.leave(at(1), *g)) << "the others count on it";
  EXPECT_TRUE(m_gangs.try_begin(at(2), *g));
  EXPECT_FALSE(m_gangs.leave(at(1), *g));
}

TEST_F(gangs_of_4_workers, keep_a_place_for_the_worker_whose_stack_holds_the_body) {
  const auto body = std::make_unique<torc::fiber::fiber>();
  m_gangs.request_again(m_task, 2, at(3), *body);
  const auto g = m_gangs.join(at(0));
  ASSERT_NE(g, nullptr);
  EXPECT_FALSE(m_gangs.has_place_for(at(1)));
  EXPECT_EQ(m_gangs.join(at(1)), nullptr);
  EXPECT_TRUE(m_gangs.has_place_for(at(3)));
  EXPECT_EQ(m_gangs.join(at(3)), g);
  EXPECT_FALSE(m_gangs.try_begin(at(0), *g));
  EXPECT_TRUE(m_gangs.try_begin(at(3), *g));
}

TEST_F(gangs_of_4_workers, of_a_task_that_is_pinned_begin_on_its_worker_alone) {
  m_gangs.request(m_task, 2, &at(3));
  const auto g = m_gangs.join(at(0));
  ASSERT_NE(g, nullptr);
  EXPECT_EQ(m_gangs.join(at(1)), nullptr) << "the place is kept";
  EXPECT_EQ(m_gangs.join(at(3)), g);
  EXPECT_FALSE(m_gangs.try_begin(at(0), *g));
  EXPECT_TRUE(m_gangs.try_begin(at(3), *g));
}

TEST_F(gangs_of_4_workers, begin_with_the_leader_though_it_joined_first) {
  const auto body = std::make_unique<torc::fiber::fiber>();
  m_gangs.request_again(m_task, 3, at(3), *body);
  const auto g = m_gangs.join(at(3));
  m_gangs.join(at(0));
  EXPECT_FALSE(m_gangs.can_begin(at(3), *g));
  m_gangs.join(at(1));
  EXPECT_FALSE(m_gangs.can_begin(at(1), *g));
  EXPECT_TRUE(m_gangs.can_begin(at(3), *g));
}

TEST_F(gangs_of_4_workers, give_up_what_was_never_assembled_at_the_end) {
  m_gangs.request(m_task, 2);
  m_gangs.request(m_other, 2);
  EXPECT_EQ(m_gangs.take_leftover(), &m_task);
  EXPECT_EQ(m_gangs.take_leftover(), &m_other);
  EXPECT_EQ(m_gangs.take_leftover(), nullptr);
}

}  // namespace
