// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors
#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <string>
#include <torc/torc.hpp>
#include <vector>

#include "core/base/sanitizers.hpp"
#include "unit_tests/mpi/on_nodes.hpp"

/// In which order a node begins what comes from others.
namespace {

using tests::on_nodes;

/// Each node's own.
std::atomic<bool> is_worker_held{false};
std::atomic<bool> is_gate_open{false};
std::atomic<int> num_submitted{0};
std::vector<int> order;

void hold_worker() {
  order.clear();
  is_worker_held = true;
  is_worker_held.notify_all();
  is_gate_open.wait(false);
}
void await_held_worker() { is_worker_held.wait(false); }
void open_gate() {
  is_gate_open = true;
  is_gate_open.notify_all();
}
std::vector<int> close_gate() {
  is_gate_open = false;
  is_worker_held = false;
  return order;
}
void note(int number) { order.push_back(number); }

void submit_notes(int to_worker, int first, int count) {
  for (int i = 0; i < count; ++i) torc::submit({.worker = to_worker, .pinned = true}, note, first + i);
  ++num_submitted;
  num_submitted.notify_all();
}

void await_submitted(int count) {
  for (int now = num_submitted; now < count; now = num_submitted) num_submitted.wait(now);
}

TEST(order, rank_and_priority_travel_with_a_task) {
  on_nodes({.workers = 2}, [] {
    if (torc::num_nodes() == 1) return;
    const int other = torc::num_workers() - 1;
    const int held = other - 1;  // of the last node, as that one
    torc::submit({.worker = held, .pinned = true}, hold_worker);
    torc::submit({.worker = other, .pinned = true}, await_held_worker).result();
    num_submitted = 0;
    for (int i = 0; i < 3; ++i) torc::submit({.worker = held, .pinned = true}, note, i);
    torc::submit({.worker = held, .pinned = true, .priority = 9}, note, 9);
    // By tasks of this node that have begun and not ended.
    torc::submit({.worker = 1, .pinned = true}, submit_notes, held, 100, 3);
    torc::submit({.worker = 1, .pinned = true, .priority = 5}, submit_notes, held, 200, 1);
    await_submitted(2);
    torc::submit({.worker = other, .pinned = true}, open_gate);
    torc::wait();
    EXPECT_EQ(torc::submit({.worker = other, .pinned = true}, close_gate).result(),
              (std::vector<int>{200, 102, 101, 100, 9, 0, 1, 2}));
  });
}

std::atomic<int> num_open{0};
std::atomic<int> most_open{0};

void leaf() {}
void simulation() {
  const int now = ++num_open;
  for (int most = most_open; most < now && !most_open.compare_exchange_weak(most, now);) continue;
  torc::submit(leaf);
  torc::submit(leaf);
  torc::wait();
  --num_open;
}
int take_most_open() { return most_open.exchange(0); }

/// Most of all nodes; and lets so many simulations go round them.
int most_open_of(int count) {
  torc::spmd(take_most_open);
  for (int i = 0; i < count; ++i) torc::submit(simulation);
  torc::wait();
  const std::vector<int> found = torc::spmd(take_most_open);
  return *std::max_element(found.begin(), found.end());
}

TEST(order, few_simulations_are_open_on_a_node_though_their_parts_go_round_the_nodes) {
  bool is_slow = false;
  on_nodes({.workers = 1}, [&] {
    constexpr int count = 4000;
    int fewest = most_open_of(count);
    is_slow = (torc::base::is_asan || torc::base::is_tsan) && torc::num_nodes() > 1;
    if (is_slow) return;
    // Half of them and more, each time, where what is below a begun task queues behind what is not. Else few, unless a
    // busy machine lets a node wait for long while another one goes on: which it does not do each time.
    const auto is_few = [&] { return fewest * torc::num_nodes() < count / 4 + 16; };
    for (int again = 0; again < 10 && !is_few(); ++again) fewest = std::min(fewest, most_open_of(count));
    EXPECT_TRUE(is_few()) << fewest;
  });
  if (is_slow)
    GTEST_SKIP() << "how many were open is not looked at: under a sanitizer a message takes longer than a simulation";
}

}  // namespace
