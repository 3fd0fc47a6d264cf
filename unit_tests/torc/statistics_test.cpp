// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors
#include <torc/statistics.hpp>

#include <gtest/gtest.h>

#include <string>
#include <thread>
#include <vector>

#include "unit_tests/torc/in_session.hpp"

namespace {

using tests::on_1_2_and_4_workers;
using tests::on_workers;
using tests::on_workers_with_main;
using tests::signal;

TEST(statistics, count_every_kind_of_task) {
  on_1_2_and_4_workers([] {
    const auto start = torc::stats();
    EXPECT_EQ(start.created, 0U);
    EXPECT_EQ(start.executed, 0U);
    EXPECT_EQ(start.workers, torc::num_workers());
    for (int i = 0; i < 10; ++i) torc::submit([] { torc::submit([] {}); });
    torc::submit({.priority = 1.0}, [] {});
    torc::map(
        {.chunksize = 2}, [](int) {}, std::vector{1, 2, 3, 4, 5});
    torc::spmd([] {});
    torc::future<void> of_thread;
    std::thread([&] { of_thread = torc::submit([] {}); }).join();
    of_thread.result();
    torc::wait();
    EXPECT_EQ(torc::stats().created, 26U);
    EXPECT_EQ(torc::stats().executed, 26U);
  });
}

TEST(statistics, a_cancelled_task_is_created_but_not_executed) {
  on_workers_with_main(1, [] {
    EXPECT_TRUE(torc::submit([] {}).cancel());
    torc::submit([] {});
    torc::wait();
    EXPECT_EQ(torc::stats().created, 2U);
    EXPECT_EQ(torc::stats().executed, 1U);
  });
}

TEST(statistics, a_retried_body_is_executed_once) {
  on_workers_with_main(1, [] {
    int tries = 0;
    torc::submit({.retries = 3}, torc::local([&] {
                   if (++tries < 3) throw tries;
                 }))
        .result();
    EXPECT_EQ(tries, 3);
    EXPECT_EQ(torc::stats().executed, 1U);
  });
}

TEST(statistics, count_suspensions_and_what_one_worker_took_from_another) {
  on_workers(2, [] {
    signal stolen;
    torc::submit(
        {.worker = 0, .pinned = true}, torc::local([&] {
          torc::submit(torc::local([&] { stolen.raise(); }));  // on this worker's deque, and this worker is held up
          stolen.block();
        }))
        .result();
    EXPECT_EQ(torc::stats().stolen, 1U);
    EXPECT_GE(torc::stats().suspended, 1U);
  });
}

TEST(statistics, time_goes_on_and_utilisation_is_a_share) {
  on_workers(2, [] {
    const auto before = torc::stats();
    torc::submit({.worker = 1, .pinned = true}, [] {
      const auto begin = torc::stats().elapsed_seconds;
      while (torc::stats().elapsed_seconds <= begin) {
      }
    }).result();
    const auto after = torc::stats();
    EXPECT_GT(after.elapsed_seconds, before.elapsed_seconds);
    EXPECT_GE(after.idle_seconds, before.idle_seconds);
    EXPECT_GE(after.utilisation_since(before), 0);
    EXPECT_LE(after.utilisation_since(before), 1);
  });
}

TEST(statistics, utilisation_of_no_time_is_full) { EXPECT_EQ(torc::statistics{}.utilisation_since({}), 1); }

}  // namespace
