// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors
#include "core/sched/claims.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <thread>
#include <vector>

#include "unit_tests/sched/bare_record.hpp"

namespace {

using tests::bare_record;
using torc::detail::outcome;
using torc::detail::start_state;
using torc::sched::claim_for_body;
using torc::sched::claim_for_departure;
using torc::sched::come_back;
using torc::sched::end_elsewhere;
using torc::sched::revocation;
using torc::sched::revoke;
namespace bits = torc::detail::state_bits;

TEST(claims, a_revoked_task_can_be_claimed_for_nothing) {
  bare_record first;
  EXPECT_EQ(revoke(first), revocation::won);
  EXPECT_FALSE(claim_for_body(first));
  bare_record second;
  EXPECT_EQ(revoke(second), revocation::won);
  EXPECT_FALSE(claim_for_departure(second));
}

TEST(claims, a_task_is_revoked_once) {
  bare_record task;
  EXPECT_EQ(revoke(task), revocation::won);
  EXPECT_EQ(revoke(task), revocation::by_another);
  claim_for_body(task);
  EXPECT_EQ(revoke(task), revocation::by_another) << "whoever took it out of its queue changes nothing";
  task.result_kind = outcome::cancelled;
  task.state.fetch_or(bits::done);
  EXPECT_EQ(revoke(task), revocation::by_another);
}

TEST(claims, a_task_that_has_begun_or_is_done_cannot_be_revoked) {
  bare_record begun;
  EXPECT_TRUE(claim_for_body(begun));
  EXPECT_EQ(revoke(begun), revocation::lost);
  begun.result_kind = outcome::value;
  begun.state.fetch_or(bits::done);
  EXPECT_EQ(revoke(begun), revocation::lost);
  bare_record expired;  // its time-out has ended the future, its result is to come
  EXPECT_TRUE(claim_for_departure(expired));
  expired.result_kind = outcome::failed;
  expired.state.fetch_or(bits::done);
  EXPECT_EQ(revoke(expired), revocation::lost);
}

TEST(claims, a_task_that_has_left_is_elsewhere_until_it_is_done_or_back) {
  bare_record task;
  EXPECT_TRUE(claim_for_departure(task));
  EXPECT_EQ(revoke(task), revocation::elsewhere);
  end_elsewhere(task);
  EXPECT_EQ(revoke(task), revocation::elsewhere) << "its outcome is not published yet";
  bare_record back;
  EXPECT_TRUE(claim_for_departure(back));
  EXPECT_EQ(revoke(back), revocation::elsewhere);
  come_back(back);
  EXPECT_EQ(revoke(back), revocation::won);
  EXPECT_FALSE(claim_for_body(back));
}

TEST(claims, a_task_that_somebody_wanted_to_revoke_can_leave_come_back_and_begin) {
  bare_record task;
  EXPECT_TRUE(claim_for_departure(task));
  EXPECT_EQ(revoke(task), revocation::elsewhere);
  for (int i = 0; i < 3; ++i) {
    come_back(task);
    EXPECT_TRUE(claim_for_departure(task)) << "claimed though cancel_requested is set";
  }
  come_back(task);
  EXPECT_TRUE(claim_for_body(task));
  EXPECT_EQ(revoke(task), revocation::lost);
}

/// One of them, whatever they do at the same time.
TEST(claims, either_a_claim_or_one_revocation_wins) {
  constexpr int rounds = 20'000;
  std::vector<bare_record> tasks(rounds);
  std::atomic<int> round{-1};
  std::atomic<int> num_ready{0};
  std::vector<int> winners(rounds);
  const auto contend = [&](auto wins) {
    for (int i = 0; i < rounds; ++i) {
      if (num_ready.fetch_add(1) == 3 * i + 2) round = i;
      while (round < i) std::this_thread::yield();
      if (wins(tasks[static_cast<std::size_t>(i)])) {
        const std::atomic_ref count(winners[static_cast<std::size_t>(i)]);
        ++count;
      }
    }
  };
  const auto revoke_it = [](bare_record& task) { return revoke(task) == revocation::won; };
  std::thread first([&] { contend(revoke_it); });
  std::thread second([&] { contend(revoke_it); });
  contend([](bare_record& task) {
    if (claim_for_departure(task)) {
      come_back(task);
      return claim_for_body(task);
    }
    return false;
  });
  first.join();
  second.join();
  for (const int count : winners) ASSERT_EQ(count, 1);
}

}  // namespace
