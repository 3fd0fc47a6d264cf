// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors
#include <torc/spmd.hpp>

#include <gtest/gtest.h>

#include <atomic>
#include <stdexcept>
#include <vector>

#include "unit_tests/torc/in_session.hpp"

namespace {

using tests::on_1_2_and_4_workers;

TEST(spmd, gives_one_value_per_node_from_worker_0) {
  on_1_2_and_4_workers([] {
    EXPECT_EQ(torc::spmd([](int x) { return 10 * torc::worker_local_id() + x; }, 7), (std::vector<int>{7}));
    EXPECT_EQ(torc::submit([](int x) { return torc::spmd([](int y) { return y; }, x)[0]; }, 3).result(), 3);
    torc::spmd([] {});
  });
}

TEST(spmd, rethrows_what_its_body_throws) {
  on_1_2_and_4_workers(
      [] { EXPECT_THROW(torc::spmd([](int) { throw std::domain_error("no"); }, 1), std::domain_error); });
}

TEST(spmd, runs_one_at_a_time_even_if_a_body_waits) {
  on_1_2_and_4_workers([] {
    static std::atomic<int> running;
    static std::atomic<int> most;
    running = most = 0;
    const auto caller = [](int) {
      torc::spmd(
          [](int x) {
            most = std::max(most.load(), ++running);
            torc::submit([](int y) { return y; }, x).result();
            --running;
          },
          1);
    };
    for (int i = 0; i < 20; ++i) torc::submit(caller, i);
    torc::wait();
    EXPECT_EQ(most, 1);
  });
}

TEST(spmd, starts_before_anything_else_that_its_worker_could_begin) {
  tests::on_workers_with_main(1, [] {
    static std::vector<int> order;
    order.clear();
    for (int i = 0; i < 3; ++i) torc::submit([](int x) { order.push_back(x); }, i);
    torc::submit(
        {.priority = 1}, [](int x) { order.push_back(x); }, 5);
    torc::spmd([](int x) { order.push_back(x); }, 9);
    torc::wait();
    EXPECT_EQ(order.front(), 9);
  });
}

TEST(spmd, cannot_be_called_inside_another_nor_by_tasks_below_one) {
  on_1_2_and_4_workers([] {
    EXPECT_THROW(torc::spmd([](int) { torc::spmd([](int x) { return x; }, 1); }, 1), torc::error);
    EXPECT_THROW(
        torc::spmd([](int) { torc::submit([](int x) { return torc::spmd([](int y) { return y; }, x); }, 1).result(); },
                   1),
        torc::error);
  });
}

}  // namespace
