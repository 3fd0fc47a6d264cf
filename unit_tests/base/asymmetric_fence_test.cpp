// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors
#include "core/base/asymmetric_fence.hpp"

#include <gtest/gtest.h>

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <thread>
#include <vector>

#include "core/base/cache_line.hpp"
#include "core/base/clock.hpp"

namespace {

using torc::base::heavy_fence;
using torc::base::light_fence;

struct alignas(torc::base::cache_line_bytes) line {
  std::atomic<int> value{0};
};

/// Both threads store to a place of their own and then look at the other's, round after round.
/// Returns the number of rounds in which neither saw the other's store, which the fences must make impossible.
template <class FenceA, class FenceB>
std::size_t rounds_without_a_witness(FenceA fence_a, FenceB fence_b) {
  constexpr std::size_t rounds = 200'000;
  line x;
  line y;
  // Stores that side a begins first and side b makes slow, so that a's own store waits in its core's store buffer: then
  // a fence on b's side alone does not hide that a has none.
  std::array<line, 8> before_x;
  std::vector<int> seen_a(rounds);
  std::vector<int> seen_b(rounds);
  // Each round begins for both at the same moment of the clock, which brings them closer together than a meeting
  // through memory would. Whoever is late hurries: a round counts whenever its sides run.
  const std::uint64_t start = torc::base::now_ns() + 200'000;
  const auto side = [start](line& mine, line& other, std::vector<int>& seen, auto fence, auto prepare) {
    for (std::size_t r = 0; r < rounds; ++r) {
      const int round = static_cast<int>(r) + 1;
      while (torc::base::now_ns() < start + 1'000 * r) continue;
      prepare(round);
      mine.value.store(round, std::memory_order_relaxed);
      fence();
      seen[r] = other.value.load(std::memory_order_relaxed);
    }
  };
  const auto delay_a = [&](int round) {
    for (line& l : before_x) l.value.store(round, std::memory_order_relaxed);
  };
  const auto slow_down = [&](int) {
    for (const line& l : before_x) l.value.load(std::memory_order_relaxed);
  };
  std::thread a([&] { side(x, y, seen_a, fence_a, delay_a); });
  std::thread b([&] { side(y, x, seen_b, fence_b, slow_down); });
  a.join();
  b.join();
  std::size_t bad = 0;
  for (std::size_t r = 0; r < rounds; ++r) {
    if (seen_a[r] <= static_cast<int>(r) && seen_b[r] <= static_cast<int>(r)) ++bad;
  }
  return bad;
}

TEST(asymmetric_fence, one_of_a_light_and_a_heavy_side_sees_the_other_s_store) {
  EXPECT_EQ(rounds_without_a_witness([] { light_fence(); }, [] { heavy_fence(); }), 0U);
}

TEST(asymmetric_fence, one_of_two_heavy_sides_sees_the_other_s_store) {
  EXPECT_EQ(rounds_without_a_witness([] { heavy_fence(); }, [] { heavy_fence(); }), 0U);
}

TEST(asymmetric_fence, can_be_enabled_again_without_a_change) {
  const bool is_asymmetric = torc::base::detail::is_asymmetric;
  EXPECT_EQ(torc::base::enable_asymmetric_fences(), is_asymmetric);
  EXPECT_EQ(torc::base::detail::is_asymmetric, is_asymmetric);
}

}  // namespace
