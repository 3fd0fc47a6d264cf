// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors
#include <torc/as_completed.hpp>

#include <gtest/gtest.h>

#include <set>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

#include "unit_tests/torc/in_session.hpp"

namespace {

using namespace std::chrono_literals;
using tests::in_session;
using tests::message_of;
using tests::on_1_2_and_4_workers;
using tests::on_workers;
using tests::on_workers_with_main;
using tests::signal;

TEST(as_completed, yields_each_future_once) {
  on_1_2_and_4_workers([] {
    std::vector<torc::future<int(int)>> futures;
    for (int i = 0; i < 100; ++i) futures.push_back(torc::submit([](int x) { return x * x; }, i));
    std::set<int> seen;
    for (auto& f : torc::as_completed(futures)) {
      EXPECT_TRUE(f.done());
      EXPECT_EQ(f.result(), f.input() * f.input());
      EXPECT_TRUE(seen.insert(f.input()).second);
    }
    EXPECT_EQ(seen.size(), 100U);
  });
}

TEST(as_completed, yields_the_first_at_once_and_the_others_in_order_of_completion) {
  on_workers(2, [] {
    std::vector<signal> may_end(3);
    std::vector<torc::future<int>> futures;
    for (int i = 0; i < 3; ++i) {
      futures.push_back(torc::submit({.worker = 1, .pinned = true}, torc::local([&may_end, i] {
                                       may_end[static_cast<std::size_t>(i)].block();
                                       return i;
                                     })));
    }
    futures.insert(futures.begin(), torc::submit({.worker = 0, .pinned = true}, torc::local([] { return -1; })));
    std::vector<int> order;
    for (auto& f : torc::as_completed(futures)) {
      order.push_back(f.result());
      if (order.size() < futures.size())
        may_end[order.size() - 1].raise();  // the next one cannot end before this one was yielded
    }
    EXPECT_EQ(order, (std::vector<int>{-1, 0, 1, 2}));
  });
}

TEST(as_completed, steers_from_a_thread_of_its_own_while_the_worker_computes) {
  in_session({.workers = 1, .primary = torc::primary_place::thread}, [] {
    signal go_on;
    const std::vector<torc::future<int>> futures{torc::submit([] { return 1; }), torc::submit(torc::local([&] {
                                                   go_on.block();  // with the only worker
                                                   return 2;
                                                 }))};
    std::vector<int> order;
    for (auto& f : torc::as_completed(futures)) {
      order.push_back(f.result());
      go_on.raise();
    }
    EXPECT_EQ(order, (std::vector<int>{1, 2}));
  });
}

TEST(as_completed, yields_what_is_done_already_and_what_failed_or_was_cancelled) {
  on_workers_with_main(1, [] {
    auto good = torc::submit([] { return 1; });
    auto bad = torc::submit([]() -> int { throw std::runtime_error("bad"); });
    auto gone = torc::submit([] { return 2; });
    EXPECT_TRUE(gone.cancel());
    torc::wait();
    int failures = 0;
    int count = 0;
    for (auto& f : torc::as_completed(std::vector<torc::future<int>>{good, bad, gone})) {
      ++count;
      if (f.exception() != nullptr) ++failures;
    }
    EXPECT_EQ(count, 3);
    EXPECT_EQ(failures, 2);
  });
}

TEST(as_completed, of_no_futures_yields_none) {
  on_workers_with_main(1, [] {
    for (auto& f : torc::as_completed(std::vector<torc::future<int>>{})) ADD_FAILURE() << f.result();
  });
}

TEST(as_completed, may_be_left_early) {
  on_1_2_and_4_workers([] {
    std::vector<torc::future<int>> futures;
    for (int i = 0; i < 10; ++i) futures.push_back(torc::submit([](int x) { return x; }, i));
    for (auto& f : torc::as_completed(futures)) {
      f.result();
      break;
    }
  });
}

TEST(as_completed, after_the_timeout_it_throws_and_the_tasks_go_on) {
  on_workers(2, [] {
    signal go_on;
    const std::vector<torc::future<int>> futures{
        torc::submit({.worker = 1, .pinned = true}, torc::local([&] {
                       go_on.block();
                       return 1;
                     })),
        torc::submit({.worker = 0, .pinned = true}, torc::local([] { return 2; }))};
    futures[1].result();
    int yielded = 0;
    const std::string message = message_of<torc::timeout_error>([&] {
      for (auto& f : torc::as_completed(futures, 1ms)) {
        EXPECT_EQ(f.result(), 2);
        ++yielded;
      }
    });
    EXPECT_EQ(message, "as_completed: 1 future is not done after 0.001 s");
    EXPECT_EQ(yielded, 1);
    go_on.raise();
    EXPECT_EQ(futures[0].result(), 1);
  });
}

TEST(as_completed, can_be_used_by_a_thread_of_the_user) {
  on_workers(2, [] {
    signal finished;
    std::thread thread([&] {
      std::vector<torc::future<int>> futures;
      for (int i = 0; i < 20; ++i) futures.push_back(torc::submit([](int x) { return x; }, i));
      int sum = 0;
      for (auto& f : torc::as_completed(futures)) sum += f.result();
      EXPECT_EQ(sum, 190);
    });
    thread.join();
  });
}

TEST(as_completed, yields_a_future_that_is_listed_twice_once) {
  on_1_2_and_4_workers([] {
    std::vector<torc::future<int>> futures;
    for (int i = 0; i < 10; ++i) futures.push_back(torc::submit(tests::identity, i));
    futures.insert(futures.end(), futures.begin(), futures.begin() + 5);
    futures.push_back(futures.back());
    std::multiset<int> seen;
    for (auto& f : torc::as_completed(futures)) seen.insert(f.result());
    EXPECT_EQ(seen, (std::multiset<int>{0, 1, 2, 3, 4, 5, 6, 7, 8, 9}));
  });
}

}  // namespace
