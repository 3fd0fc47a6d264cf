// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors
#include <torc/device.hpp>

#include <gtest/gtest.h>
#include <signal.h>

#include <atomic>
#include <vector>

#include "unit_tests/device/in_session.hpp"
#include "unit_tests/torc/stopping.hpp"

namespace {

using tests::gpu;

constexpr int num_slots = 4;

TEST(device_stop, ends_what_waits_for_a_slot_and_nothing_that_has_one) {
  tests::have_default_handlers();
  const torc::options given{.primary = torc::primary_place::thread, .device_slots = num_slots};
  const int status = tests::status_with_device(given, torc::sched::dispatch::drivers, [] {
    static tests::signal kernel;
    static std::atomic<int> num_begun{0};
    std::vector<torc::future<int>> running;
    std::vector<torc::future<int>> waiting;
    for (int i = 0; i < num_slots; ++i) {
      running.push_back(torc::submit(torc::on<gpu>, [](const gpu& exec) {
        exec.enqueue(kernel.kernel());
        return ++num_begun;
      }));
    }
    tests::spin_until([] { return num_begun == num_slots; });
    for (int i = 0; i < 10; ++i) waiting.push_back(torc::submit(torc::on<gpu>, [](const gpu&) { return 0; }));
    tests::stop_by(SIGINT);
    for (const auto& f : waiting) EXPECT_THROW(f.result(), torc::stopped_error);
    EXPECT_THROW(torc::submit(torc::on<gpu>, [](const gpu&) {}).result(), torc::stopped_error);
    kernel.give();
    for (const auto& f : running) EXPECT_GT(f.result(), 0);
  });
  EXPECT_EQ(status, 130);
}

}  // namespace
