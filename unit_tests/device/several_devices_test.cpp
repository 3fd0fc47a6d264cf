// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors
#include <torc/device.hpp>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "unit_tests/device/in_session.hpp"

/// Two devices of a space in one process, with two slots each.
namespace {

using tests::gpu;
using torc::sched::dispatch;

using place = std::pair<int, int>;  ///< device and slot

int status_with_two_devices(torc::options given, const std::function<void()>& main) {
  given.stats = 0;
  given.device_slots = 2;
  const auto everywhere = [](const auto&) { return true; };
  return torc::runtime::start(given, {tests::fake_backend<>(dispatch::drivers, everywhere, 2)}, [&] {
    main();
    return 0;
  });
}

void with_one_driver_each_and_with_two(const std::function<void()>& main) {
  for (const int drivers : {1, 2}) {
    SCOPED_TRACE(std::to_string(drivers) + " drivers");
    EXPECT_EQ(status_with_two_devices({.device_drivers = drivers}, main), 0);
  }
}

std::multiset<place> places_of(const std::vector<torc::future<place>>& tasks) {
  std::multiset<place> places;
  for (const auto& task : tasks) places.insert(task.result());
  return places;
}

TEST(several_devices, have_as_many_tasks_at_a_time_as_slots_together) {
  with_one_driver_each_and_with_two([] {
    static std::atomic<int> begun{0};
    begun = 0;
    std::vector<torc::future<place>> tasks;
    for (int i = 0; i < 4; ++i) {
      tasks.push_back(torc::submit(torc::on<gpu>, [](const gpu& exec) {
        ++begun;
        exec.enqueue([] { return begun >= 4; });
        return place{exec.device, exec.slot};
      }));
    }
    EXPECT_EQ(places_of(tasks), (std::multiset<place>{{0, 0}, {0, 1}, {1, 0}, {1, 1}}));
  });
}

TEST(several_devices, have_drivers_of_their_own) {
  for (const int drivers : {1, 2}) {
    EXPECT_EQ(status_with_two_devices({.device_drivers = drivers},
                                      [drivers] {
                                        // Each body keeps its thread until all have begun.
                                        static std::atomic<int> arrived{0};
                                        arrived = 0;
                                        const auto meet = [](const gpu& exec, int all) {
                                          ++arrived;
                                          tests::spin_until([&] { return arrived >= all; });
                                          return place{exec.device, exec.slot};
                                        };
                                        std::vector<torc::future<place>> tasks;
                                        for (int i = 0; i < 2 * drivers; ++i)
                                          tasks.push_back(torc::submit(torc::on<gpu>, meet, 2 * drivers));
                                        std::multiset<int> devices;
                                        for (const auto& [device, slot] : places_of(tasks)) devices.insert(device);
                                        EXPECT_EQ(devices.count(0), static_cast<std::size_t>(drivers));
                                        EXPECT_EQ(devices.count(1), static_cast<std::size_t>(drivers));
                                      }),
              0);
  }
}

TEST(several_devices, hold_a_task_to_one_of_them_for_its_life) {
  with_one_driver_each_and_with_two([] {
    const auto body = [](const gpu& exec) {
      const gpu before = exec;
      for (int i = 0; i < 3; ++i) {
        exec.enqueue([left = 2]() mutable { return --left == 0; });
        torc::fence(exec);
      }
      EXPECT_GE(torc::submit(torc::on<gpu>, [](const gpu& own) { return own.device; }).result(), 0);
      return exec == before;
    };
    std::vector<torc::future<bool>> tasks;
    for (int i = 0; i < 200; ++i) tasks.push_back(torc::submit(torc::on<gpu>, body));
    for (const auto& task : tasks) EXPECT_TRUE(task.result());
  });
}

int spread_tree(const gpu& exec, int depth) {
  exec.enqueue([] { return true; });
  if (depth == 0) return 1;
  const auto left = torc::submit(torc::on<gpu>, spread_tree, depth - 1);
  const auto right = torc::submit(torc::on<gpu>, spread_tree, depth - 1);
  return left.result() + right.result();
}

TEST(several_devices, serve_tasks_below_those_of_the_others) {
  with_one_driver_each_and_with_two([] {
    std::vector<torc::future<int>> many;
    for (int i = 0; i < 10; ++i) many.push_back(torc::submit(torc::on<gpu>, spread_tree, 5));
    for (const auto& one : many) EXPECT_EQ(one.result(), 32);
  });
}

TEST(several_devices, are_told_in_the_census_with_their_slots) {
  testing::internal::CaptureStderr();
  EXPECT_EQ(status_with_two_devices({.verbose = true}, [] {}), 0);
  EXPECT_THAT(testing::internal::GetCapturedStderr(),
              testing::HasSubstr(", StandIn device 0, StandIn device 1 with 2 slots each\n"));
}

TEST(several_devices, one_alone_is_told_as_that) {
  testing::internal::CaptureStderr();
  EXPECT_EQ(tests::status_with_device({.device_slots = 1, .verbose = true}, dispatch::drivers, [] {}), 0);
  EXPECT_THAT(testing::internal::GetCapturedStderr(), testing::HasSubstr(", StandIn device 0 with 1 slot\n"));
}

}  // namespace
