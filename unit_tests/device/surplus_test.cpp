// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors
#include <torc/device.hpp>

#include <gtest/gtest.h>

#include <atomic>
#include <cstdint>

#include "core/runtime/current.hpp"
#include "core/sched/idle/event_count.hpp"
#include "core/sched/scheduler.hpp"
#include "core/sched/worker/devices.hpp"
#include "unit_tests/device/in_session.hpp"

/// What whoever looks after other nodes learns of tasks that wait for slots.
namespace {

using tests::gpu;
using torc::sched::dispatch;

/// How often the watcher is called for device tasks on a node with one slot.
int times_woken(dispatch how, std::uint64_t watched_spaces, bool is_slot_free) {
  static std::atomic<int> woken{0};
  woken = 0;
  const auto main = [&] {
    torc::sched::scheduler& node = torc::runtime::running_scheduler("test");
    torc::sched::event_count& event_count = node.work_event();
    static std::atomic<int> begun{0};
    static std::atomic<bool> is_over{false};
    begun = 0;
    is_over = false;
    const auto occupy = [](const gpu&) {
      ++begun;
      tests::spin_until([] { return is_over.load(); });
    };
    const auto watch = [&] {
      event_count.set_watcher([] { ++woken; });
      node.devices().watch(watched_spaces);
    };
    if (is_slot_free) watch();
    torc::submit(torc::on<gpu>, occupy);
    tests::spin_until([] { return begun == 1; });
    if (!is_slot_free) {
      watch();
      for (int i = 0; i < 2; ++i) torc::submit(torc::on<gpu>, occupy);
    }
    const int result = woken;
    node.devices().watch(0);
    is_over = true;
    torc::wait();
    woken = result;
  };
  EXPECT_EQ(tests::status_with_device({.workers = 3, .device_slots = 1}, how, main), 0);
  return woken;
}

TEST(surplus, of_a_watched_space_calls_the_watcher_at_once_and_once) {
  EXPECT_EQ(times_woken(dispatch::drivers, 1, false), 1);
  EXPECT_EQ(times_woken(dispatch::one_worker, 1, false), 1);
}

TEST(surplus, of_another_space_calls_nobody) { EXPECT_EQ(times_woken(dispatch::drivers, 2, false), 0); }

TEST(surplus, is_nothing_that_a_free_slot_takes) { EXPECT_EQ(times_woken(dispatch::drivers, 1, true), 0); }

}  // namespace
