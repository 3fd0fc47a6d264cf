// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors
#include <gtest/gtest.h>

#include <optional>
#include <torc/torc.hpp>

#include "unit_tests/torc/in_session.hpp"

/// What is left of cancelled tasks, through the public API.
namespace {

using tests::counted;
using tests::on_workers;
using tests::on_workers_with_main;
using tests::signal;

constexpr int num_cancelled = 3000;

int look_at(const counted& c) { return c.value; }

std::vector<torc::future<int(counted)>> submit_many(const std::optional<torc::task_options>& options) {
  std::vector<torc::future<int(counted)>> futures;
  for (int i = 0; i < num_cancelled; ++i)
    futures.push_back(options ? torc::submit(*options, look_at, counted(i)) : torc::submit(look_at, counted(i)));
  return futures;
}

/// Arguments stay as long as futures can be asked for them, and then no worker need come to the tasks.
void expect_that_cancelling_frees(std::vector<torc::future<int(counted)>> futures) {
  EXPECT_EQ(counted::alive(), num_cancelled);
  for (const auto& f : futures) EXPECT_TRUE(f.cancel());
  EXPECT_EQ(counted::alive(), num_cancelled);
  EXPECT_EQ(futures.back().input().value, num_cancelled - 1);
  futures.clear();
  EXPECT_LE(counted::alive(), 150);
}

TEST(cancelling, frees_what_waits_for_any_worker) {
  on_workers_with_main(1, [] { expect_that_cancelling_frees(submit_many({})); });
  EXPECT_EQ(counted::alive(), 0);
}

TEST(cancelling, frees_tasks_with_priorities) {
  on_workers_with_main(1, [] { expect_that_cancelling_frees(submit_many(torc::task_options{.priority = 1.0})); });
}

TEST(cancelling, frees_nested_tasks) {
  on_workers_with_main(1, [] {
    torc::submit(torc::local([] {
      const auto older = torc::submit([] {});
      expect_that_cancelling_frees(submit_many({}));
    })).result();
  });
}

TEST(cancelling, frees_pinned_tasks) {
  on_workers_with_main(
      1, [] { expect_that_cancelling_frees(submit_many(torc::task_options{.worker = 0, .pinned = true})); });
}

/// With worker 1 busy and the others free: these take up all that was submitted, and put it aside.
template <class Prepare>
void with_a_busy_worker(const torc::task_options& options, Prepare prepare) {
  on_workers(3, [&] {
    prepare();
    signal is_busy;
    signal go_on;
    torc::task_options busy = options;
    busy.worker = 1;
    busy.pinned = true;
    busy.cores = 1;
    const auto holder = torc::submit(busy, torc::local([&] {
                                       is_busy.raise();
                                       go_on.block();
                                     }));
    is_busy.block();
    auto waiting = submit_many(options);
    if (options.cores == 1) torc::submit({.worker = 2, .pinned = true}, [] {}).result();
    expect_that_cancelling_frees(std::move(waiting));
    go_on.raise();
    holder.result();
    EXPECT_EQ(torc::submit(options, [] { return 5; }).result(), 5);
  });
}

TEST(cancelling, frees_tasks_that_wait_for_a_limit) {
  with_a_busy_worker({.limit = "licence"}, [] { torc::set_limit("licence", 1); });
}

TEST(cancelling, frees_tasks_that_wait_for_cores) {
  with_a_busy_worker({.cores = 3}, [] {});
}

/// Its workers may just have come when it is taken out, and the next one is not theirs to take out.
TEST(cancelling, of_tasks_with_cores_leaves_those_behind_them) {
  on_workers(2, [] {
    constexpr int most_rounds = 300;
    constexpr int num_tasks = 100;
    const auto cancel_all = [](const std::vector<torc::future<int(counted)>>& futures) {
      for (const auto& f : futures) f.cancel();
    };
    for (int round = 0; round < most_rounds; ++round) {
      std::vector<torc::future<int(counted)>> futures;
      for (int i = 0; i < num_tasks; ++i) futures.push_back(torc::submit({.cores = 2}, look_at, counted(i)));
      const auto last = torc::submit({.cores = 2}, look_at, counted(num_tasks));
      cancel_all(futures);
      EXPECT_EQ(last.result(), num_tasks);
      for (int i = 0; i < num_tasks; ++i) {
        const auto& f = futures[static_cast<std::size_t>(i)];
        EXPECT_TRUE(f.cancelled() || f.result() == i);
      }
    }
  });
  EXPECT_EQ(counted::alive(), 0);
}

}  // namespace
