// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors
#include <torc/device.hpp>

#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <set>
#include <stdexcept>
#include <string>
#include <vector>

#include "unit_tests/fake_device.hpp"
#include "unit_tests/mpi/on_nodes.hpp"

// Of several nodes those with an odd number have the device, the others have the other space; a node alone has both.

namespace {

using tests::on_all_kinds_of_nodes;
using tests::on_nodes;
using gpu = tests::fake_space<0>;
using host_space = tests::fake_space<1>;

bool has_device(int node) { return torc::num_nodes() == 1 || node % 2 == 1; }
bool has_host_space(int node) { return torc::num_nodes() == 1 || node % 2 == 0; }

int node_running(const gpu& exec) {
  exec.enqueue([left = 2]() mutable { return --left == 0; });
  return torc::node_id();
}

std::set<int> values_of(const std::vector<torc::future<int>>& tasks) {
  std::set<int> values;
  for (const auto& task : tasks) values.insert(task.result());
  return values;
}

TEST(device_nodes, tasks_run_where_their_space_is) {
  on_all_kinds_of_nodes([] {
    std::vector<torc::future<int>> tasks;
    for (int i = 0; i < 200; ++i) tasks.push_back(torc::submit(torc::on<gpu>, node_running));
    for (const int node : values_of(tasks)) EXPECT_TRUE(has_device(node));
    tasks.clear();
    for (int i = 0; i < 200; ++i)
      tasks.push_back(torc::submit(torc::on<host_space>, [](const host_space&) { return torc::node_id(); }));
    for (const int node : values_of(tasks)) EXPECT_TRUE(has_host_space(node));
  });
}

TEST(device_nodes, all_nodes_with_the_space_get_some) {
  on_nodes({}, [] {
    std::vector<torc::future<int>> tasks;
    for (int i = 0; i < 200; ++i) tasks.push_back(torc::submit(torc::on<gpu>, node_running));
    EXPECT_EQ(values_of(tasks).size(), static_cast<std::size_t>(torc::num_nodes() == 1 ? 1 : torc::num_nodes() / 2));
  });
}

int below(const gpu& exec, int depth);
int through(const host_space&, int depth) { return torc::submit(torc::on<gpu>, below, depth).result(); }
int below(const gpu& exec, int depth) {
  exec.enqueue([] { return true; });
  if (depth == 0) return 1;
  const auto left = torc::submit(torc::on<host_space>, through, depth - 1);
  const auto right = torc::submit(torc::on<gpu>, below, depth - 1);
  return left.result() + right.result();
}

TEST(device_nodes, tasks_of_two_spaces_nest_in_each_other_with_one_slot) {
  for (const bool stealing : {false, true}) {
    for (const auto placement : {torc::placement_policy::cyclic, torc::placement_policy::automatic}) {
      on_nodes(torc::options{.stealing = stealing, .placement = placement, .device_slots = 1}, [] {
        std::vector<torc::future<int>> tasks;
        for (int i = 0; i < 8; ++i) tasks.push_back(torc::submit(torc::on<gpu>, below, 4));
        for (const auto& task : tasks) EXPECT_EQ(task.result(), 16);
      });
    }
  }
}

int through_worker(const gpu& exec, int depth);
int on_worker(int depth) { return torc::submit(torc::on<gpu>, through_worker, depth).result(); }
int through_worker(const gpu&, int depth) {
  if (depth == 0) return 1;
  const auto a = torc::submit(on_worker, depth - 1);
  const auto b = torc::submit(on_worker, depth - 1);
  return a.result() + b.result();
}

TEST(device_nodes, workers_between_device_tasks_may_be_of_any_node) {
  for (const bool stealing : {false, true}) {
    on_nodes(torc::options{.stealing = stealing, .placement = torc::placement_policy::cyclic, .device_slots = 1}, [] {
      std::vector<torc::future<int>> tasks;
      for (int i = 0; i < 6; ++i) tasks.push_back(torc::submit(torc::on<gpu>, through_worker, 4));
      for (const auto& task : tasks) EXPECT_EQ(task.result(), 16);
    });
  }
}

TEST(device_nodes, tasks_that_wait_for_a_slot_are_stolen_by_those_who_have_one) {
  on_nodes(torc::options{.stealing = true, .device_slots = 1}, [] {
    if (torc::num_nodes() < 4) GTEST_SKIP() << "needs four nodes, of which two have the device";
    // All are placed on node 1, where none ends before node 3 has run one.
    static std::atomic<bool> is_over{false};
    is_over = false;
    const auto body = [](const gpu& exec) {
      if (torc::node_id() == 1) exec.enqueue([] { return is_over.load(); });
      return torc::node_id();
    };
    std::vector<torc::future<int>> tasks;
    for (int i = 0; i < 20; ++i) tasks.push_back(torc::submit({.worker = 1}, torc::on<gpu>, body));
    const auto stolen = std::vector<torc::future<int>>(tasks.begin() + 1, tasks.end());
    torc::wait(stolen, torc::forever, torc::first_completed);
    torc::submit({.worker = 1, .pinned = true}, [] { is_over = true; }).result();
    const auto nodes = values_of(tasks);
    EXPECT_TRUE(nodes.count(3) == 1);
    EXPECT_TRUE(nodes.count(0) == 0 && nodes.count(2) == 0);
  });
}

TEST(device_nodes, a_busy_node_steals_for_its_idle_device) {
  on_nodes(torc::options{.stealing = true, .device_slots = 1}, [] {
    if (torc::num_nodes() < 4) GTEST_SKIP() << "needs four nodes, of which two have the device";
    static std::atomic<bool> is_over{false};
    is_over = false;
    const auto occupy = [] {
      while (!is_over) tests::sleep_ms(1);
    };
    const auto end = [](const gpu&) { is_over = true; };
    const auto busy = torc::submit({.worker = 3, .pinned = true}, occupy);
    // The device task that ends it is somewhere behind one that never ends before.
    const auto first = torc::submit({.worker = 1, .pinned = true}, torc::on<gpu>,
                                    [](const gpu& exec) { exec.enqueue([] { return is_over.load(); }); });
    torc::submit({.worker = 1}, torc::on<gpu>, end);
    torc::submit({.worker = 1}, torc::on<gpu>, end);
    busy.result();
    torc::submit({.worker = 1, .pinned = true}, [] { is_over = true; }).result();
    first.result();
  });
}

/// On a node with its one slot and its one worker occupied until other nodes have run some of its tasks for either.
std::vector<int> nodes_that_help() {
  static std::atomic<bool> is_occupied{false};
  static std::atomic<bool> is_over{false};
  is_occupied = false;
  is_over = false;
  torc::submit(torc::on<gpu>, torc::local([](const gpu& exec) {
                 exec.enqueue([] { return is_over.load(); });
                 is_occupied = true;
               }));
  // Below a begun task the newest goes first: one for either would get the slot before it.
  while (!is_occupied) tests::sleep_ms(1);
  const auto either = torc::on_any_of<gpu>([] { return torc::node_id(); }, [](const gpu&) { return torc::node_id(); });
  std::vector<torc::future<int>> tasks;
  for (int i = 0; i < 20; ++i) tasks.push_back(torc::submit({.worker = torc::worker_id()}, either));
  const auto is_done = [](const torc::future<int>& task) { return task.done(); };
  while (std::none_of(tasks.begin(), tasks.end(), is_done)) tests::sleep_ms(1);
  is_over = true;
  std::vector<int> nodes;
  for (const auto& task : tasks) nodes.push_back(task.result());
  return nodes;
}

TEST(device_nodes, tasks_for_either_kind_that_wait_for_a_slot_are_stolen_by_nodes_without_one) {
  on_nodes(torc::options{.stealing = true, .device_slots = 1}, [] {
    if (torc::num_nodes() != 2) GTEST_SKIP() << "needs two nodes: with more another device might take them all";
    const auto nodes = torc::submit({.worker = 1, .pinned = true}, nodes_that_help).result();
    EXPECT_GT(std::count(nodes.begin(), nodes.end(), 0), 0);
  });
}

TEST(device_nodes, failures_of_a_device_come_home) {
  on_all_kinds_of_nodes([] {
    const auto task = torc::submit(torc::on<gpu>, [](const gpu& exec) {
      exec.enqueue([]() -> bool { throw torc::device_error("StandIn device 0: launch failed"); });
    });
    try {
      task.result();
      ADD_FAILURE();
    } catch (const torc::device_error& e) {
      EXPECT_STREQ(e.what(), "StandIn device 0: launch failed");
    }
  });
}

TEST(device_nodes, a_task_cannot_be_sent_to_a_node_without_its_space) {
  on_nodes({}, [] {
    if (torc::num_nodes() == 1) GTEST_SKIP() << "needs a second node";
    try {
      torc::submit({.worker = 0, .name = "lost"}, torc::on<gpu>, node_running);
      ADD_FAILURE();
    } catch (const torc::device_error& e) {
      EXPECT_STREQ(e.what(),
                   "submit: task 'lost' needs the execution space StandIn, which its node 0 does not have: let "
                   "it go to another node");
    }
    EXPECT_THROW(torc::submit(torc::on<gpu>, torc::local(node_running)), torc::device_error);
    EXPECT_EQ(torc::submit({.worker = 1}, torc::on<gpu>, node_running).result(), 1);
  });
}

TEST(device_nodes, tasks_for_either_kind_run_everywhere) {
  on_nodes({}, [] {
    const auto either = torc::on_any_of<gpu>([](int x) { return 10 * torc::node_id() + x; },
                                             [](const gpu&, int x) { return 10 * torc::node_id() + x; });
    std::vector<torc::future<int>> tasks;
    for (int i = 0; i < 40; ++i) tasks.push_back(torc::submit(either, 1));
    EXPECT_EQ(values_of(tasks).size(), static_cast<std::size_t>(torc::num_nodes()));
  });
}

TEST(device_nodes, a_map_uses_all_devices) {
  on_all_kinds_of_nodes([] {
    std::vector<int> numbers;
    for (int i = 0; i < 100; ++i) numbers.push_back(i);
    const auto body = [](const gpu& exec, int x) {
      exec.enqueue([] { return true; });
      return x + 1;
    };
    const auto more = torc::map({.chunksize = 3}, torc::on<gpu>, body, numbers);
    for (int i = 0; i < 100; ++i) EXPECT_EQ(more[static_cast<std::size_t>(i)], i + 1);
  });
}

}  // namespace
