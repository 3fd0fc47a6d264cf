// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors
#include <torc/device.hpp>

#include <gtest/gtest.h>

#include <atomic>
#include <string>
#include <torc/spmd.hpp>
#include <vector>

#include "unit_tests/device/in_session.hpp"

namespace {

using tests::gpu;
using torc::sched::dispatch;

constexpr dispatch all_ways[] = {dispatch::drivers, dispatch::each_worker, dispatch::one_worker,
                                 dispatch::first_thread};

/// With few slots, so that whoever waits with one must lend it.
void with_few_slots(const std::function<void()>& main) {
  for (const dispatch how : all_ways) {
    for (const int workers : {1, 2}) {
      for (const int slots : {1, 2}) {
        SCOPED_TRACE("dispatch " + std::to_string(static_cast<int>(how)) + ", workers " + std::to_string(workers) +
                     ", slots " + std::to_string(slots));
        EXPECT_EQ(tests::status_with_device({.workers = workers, .device_slots = slots}, how, main), 0);
      }
    }
  }
}

int tree(const gpu& exec, int depth) {
  exec.enqueue([] { return true; });
  if (depth == 0) return 1;
  const auto left = torc::submit(torc::on<gpu>, tree, depth - 1);
  const auto right = torc::submit(torc::on<gpu>, tree, depth - 1);
  const int sum = left.result() + right.result();
  torc::fence(exec);
  return sum;
}

int through_worker(const gpu& exec, int depth);
int on_worker(int depth) { return torc::submit(torc::on<gpu>, through_worker, depth).result(); }
int through_worker(const gpu&, int depth) {
  if (depth == 0) return 0;
  return torc::submit(on_worker, depth - 1).result() + 1;
}

TEST(nested_device_task, a_waiting_task_lends_its_slot_to_those_below_it) {
  with_few_slots([] {
    EXPECT_EQ(torc::submit(torc::on<gpu>, tree, 6).result(), 64);
    std::vector<torc::future<int>> many;
    for (int i = 0; i < 20; ++i) many.push_back(torc::submit(torc::on<gpu>, tree, 3));
    for (const auto& one : many) EXPECT_EQ(one.result(), 8);
  });
}

TEST(nested_device_task, also_if_a_worker_stands_between_them) {
  with_few_slots([] {
    std::vector<torc::future<int>> many;
    for (int i = 0; i < 10; ++i) many.push_back(torc::submit(torc::on<gpu>, through_worker, 5));
    for (const auto& one : many) EXPECT_EQ(one.result(), 5);
  });
}

TEST(nested_device_task, plain_waits_and_maps_lend_it_too) {
  with_few_slots([] {
    const auto parent = [](const gpu&) {
      static std::atomic<int> ended{0};
      ended = 0;
      for (int i = 0; i < 10; ++i) torc::submit(torc::on<gpu>, [](const gpu&) { ++ended; });
      torc::wait();
      const std::vector<int> numbers{1, 2, 3};
      const auto doubled = torc::map(
          torc::on<gpu>, [](const gpu&, int x) { return 2 * x; }, numbers);
      return ended.load() + doubled[2];
    };
    EXPECT_EQ(torc::submit(torc::on<gpu>, parent).result(), 16);
  });
}

TEST(nested_device_task, children_that_nobody_waits_for_complete_before_the_parent) {
  with_few_slots([] {
    static std::atomic<int> ended{0};
    ended = 0;
    torc::submit(torc::on<gpu>, [](const gpu&) {
      for (int i = 0; i < 5; ++i) torc::submit(torc::on<gpu>, [](const gpu&) { ++ended; });
    }).result();
    EXPECT_EQ(ended, 5);
  });
}

TEST(nested_device_task, whoever_goes_on_gets_its_slot_back_first) {
  // The child is not over when its parent has a result to go on with.
  EXPECT_EQ(tests::status_with_device({.device_slots = 1}, dispatch::drivers,
                                      [] {
                                        static std::atomic<int> inside{0};
                                        const auto parent = [](const gpu& exec) {
                                          const auto quick = torc::submit([] { return 1; });
                                          const auto slow = torc::submit(torc::on<gpu>, [](const gpu& own) {
                                            ++inside;
                                            own.enqueue([left = 50]() mutable { return --left == 0; });
                                            torc::fence(own);
                                            --inside;
                                          });
                                          torc::wait(std::vector<torc::future<int>>{quick}, torc::forever,
                                                     torc::first_completed);
                                          exec.enqueue([] { return true; });
                                          return inside.load();
                                        };
                                        for (int i = 0; i < 50; ++i)
                                          EXPECT_EQ(torc::submit(torc::on<gpu>, parent).result(), 0);
                                      }),
            0);
}

TEST(nested_device_task, a_deep_chain_needs_one_slot) {
  with_few_slots([] {
    struct chain {
      static int down(const gpu&, int depth) {
        return depth == 0 ? 0 : torc::submit(torc::on<gpu>, down, depth - 1).result() + 1;
      }
    };
    EXPECT_EQ(torc::submit(torc::on<gpu>, chain::down, 500).result(), 500);
  });
}

TEST(nested_device_task, an_executor_inside_needs_no_slot_of_its_own) {
  with_few_slots([] {
    const auto parent = [](const gpu&) {
      torc::executor pool;
      const auto a = pool.submit(torc::on<gpu>, tree, 2);
      const auto b = pool.submit(torc::on<gpu>, tree, 2);
      pool.wait();
      return a.result() + b.result();
    };
    std::vector<torc::future<int>> many;
    for (int i = 0; i < 6; ++i) many.push_back(torc::submit(torc::on<gpu>, parent));
    for (const auto& one : many) EXPECT_EQ(one.result(), 8);
  });
}

TEST(nested_device_task, a_cancelled_one_may_outlive_its_parent_in_the_queue) {
  EXPECT_EQ(tests::status_with_device({.workers = 2, .device_slots = 1}, dispatch::drivers,
                                      [] {
                                        const auto host_parent = [] {
                                          const auto child = torc::submit(torc::on<gpu>, tree, 0);
                                          child.cancel();
                                        };
                                        const auto parent = [host_parent](const gpu&) {
                                          const auto x = torc::submit(torc::on<gpu>, tree, 3);
                                          for (int i = 0; i < 20; ++i) torc::submit(torc::local(host_parent));
                                          torc::wait();
                                          return x.result();
                                        };
                                        for (int i = 0; i < 20; ++i)
                                          EXPECT_EQ(torc::submit(torc::on<gpu>, torc::local(parent)).result(), 8);
                                      }),
            0);
}

TEST(nested_device_task, no_limit_may_stand_below_a_slot) {
  EXPECT_EQ(tests::status_with_device({}, dispatch::drivers,
                                      [] {
                                        torc::set_limit("one", 1);
                                        const auto parent = [](const gpu&) {
                                          return tests::message_of<torc::error>(
                                              [] { torc::submit({.limit = "one"}, [] {}); });
                                        };
                                        EXPECT_NE(torc::submit(torc::on<gpu>, parent)
                                                      .result()
                                                      .find("a task below a device task cannot have the limit 'one'"),
                                                  std::string::npos);
                                      }),
            0);
}

std::string refusal_of_spmd() {
  return tests::message_of<torc::error>([] { torc::spmd([] {}); });
}

TEST(nested_device_task, no_spmd_may_stand_below_a_slot) {
  EXPECT_EQ(tests::status_with_device(
                {.workers = 2, .device_slots = 1}, dispatch::drivers,
                [] {
                  const std::string refusal =
                      "spmd: a device task cannot call it, nor can tasks below one: it could "
                      "wait for the spmd of a task that waits for its slot";
                  const auto parent = [](const gpu&) { return refusal_of_spmd(); };
                  EXPECT_EQ(torc::submit(torc::on<gpu>, parent).result(), refusal);
                  const auto through_worker = [](const gpu&) { return torc::submit(refusal_of_spmd).result(); };
                  EXPECT_EQ(torc::submit(torc::on<gpu>, through_worker).result(), refusal);
                  EXPECT_EQ(torc::submit(torc::on_any_of<gpu>(refusal_of_spmd, parent)).result(), refusal);
                }),
            0);
}

TEST(nested_device_task, an_spmd_body_may_have_device_tasks) {
  with_few_slots([] {
    const auto body = [] { return torc::submit(torc::on<gpu>, tree, 3).result(); };
    const auto caller = [body] { return torc::spmd(body).front(); };
    std::vector<torc::future<int>> many;
    for (int i = 0; i < 5; ++i) {
      many.push_back(torc::submit(torc::on<gpu>, tree, 3));
      many.push_back(torc::submit(torc::local(caller)));
    }
    for (const auto& one : many) EXPECT_EQ(one.result(), 8);
  });
}

}  // namespace
