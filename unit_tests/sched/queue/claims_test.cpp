// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors
#include "core/sched/queue/claims.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
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
using torc::sched::is_away;
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
  EXPECT_FALSE(is_away(second));
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
  EXPECT_TRUE(is_away(task));
  EXPECT_EQ(revoke(task), revocation::elsewhere);
  end_elsewhere(task);
  EXPECT_FALSE(is_away(task));
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

/// What a claim and two revocations of one task came to, all at the same time.
struct contest {
  bare_record task;
  bool is_claimed = false;
  std::array<revocation, 2> revoked{};
};

template <class Claim>
void hold(std::vector<contest>& contests, Claim claim) {
  const int rounds = static_cast<int>(contests.size());
  std::atomic<int> round{-1};
  std::atomic<int> num_ready{0};
  const auto contend = [&](auto take_part) {
    for (int i = 0; i < rounds; ++i) {
      if (num_ready.fetch_add(1) == 3 * i + 2) round = i;
      while (round < i) std::this_thread::yield();
      take_part(contests[static_cast<std::size_t>(i)]);
    }
  };
  std::thread first([&] { contend([](contest& c) { c.revoked[0] = revoke(c.task); }); });
  std::thread second([&] { contend([](contest& c) { c.revoked[1] = revoke(c.task); }); });
  contend([&](contest& c) { c.is_claimed = claim(c.task); });
  first.join();
  second.join();
}

TEST(claims, either_a_claim_or_one_revocation_wins) {
  std::vector<contest> contests(4'000);
  hold(contests, [](bare_record& task) {
    if (!claim_for_departure(task)) return false;
    come_back(task);
    return claim_for_body(task);
  });
  for (const contest& c : contests)
    ASSERT_EQ(std::count(c.revoked.begin(), c.revoked.end(), revocation::won), c.is_claimed ? 0 : 1);
}

TEST(claims, of_a_body_are_told_alike_to_all_that_revoke) {
  std::vector<contest> contests(4'000);
  hold(contests, [](bare_record& task) { return claim_for_body(task); });
  for (const contest& c : contests)
    ASSERT_EQ(std::count(c.revoked.begin(), c.revoked.end(), revocation::lost), c.is_claimed ? 2 : 0);
}

}  // namespace
