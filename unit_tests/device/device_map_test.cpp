// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors
#include <torc/map.hpp>

#include <gtest/gtest.h>

#include <array>
#include <atomic>
#include <ranges>
#include <stdexcept>
#include <utility>

#include "unit_tests/device/in_session.hpp"

namespace {

using tests::gpu;
using tests::with_device;

TEST(device_map, each_element_of_a_map_has_the_failures_of_its_own_work) {
  with_device({.workers = 2, .device_slots = 2}, [] {
    static std::array<std::atomic<int>, 20> tries;
    for (auto& count : tries) count = 0;
    const auto body = [](const gpu& exec, int i) {
      const int before = tries[static_cast<std::size_t>(i)]++;
      exec.enqueue([fails = i % 5 == 0 || (i % 5 == 1 && before == 0)]() mutable {
        if (std::exchange(fails, false)) throw std::runtime_error("kernel");
        return true;
      });
      return i;
    };
    const auto results =
        torc::map({.chunksize = 4, .retries = 1}, torc::as_expected, torc::on<gpu>, body, std::views::iota(0, 20));
    ASSERT_EQ(results.size(), 20U);
    for (int i = 0; i < 20; ++i) {
      const auto at = static_cast<std::size_t>(i);
      EXPECT_EQ(results[at].has_value(), i % 5 != 0) << i;
      EXPECT_EQ(tries[at], i % 5 <= 1 ? 2 : 1) << i;
    }
  });
}

}  // namespace
