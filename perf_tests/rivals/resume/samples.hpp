// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors

#pragma once

#include <array>
#include <chrono>
#include <cstdint>
#include <vector>

namespace perf {

/// Nanoseconds of the monotonic clock, which all threads share.
inline std::int64_t now_ns() {
  return std::chrono::duration_cast<std::chrono::nanoseconds>(std::chrono::steady_clock::now().time_since_epoch())
      .count();
}

/// Begin and end of what the other thread did.
using span_ns = std::array<std::int64_t, 2>;

/// What the other thread does: computes for so long.
inline span_ns compute_for(std::int64_t length_ns) {
  const std::int64_t begin = now_ns();
  std::int64_t end = begin;
  while (end - begin < length_ns) end = now_ns();
  return {begin, end};
}

/// The parts of many round trips to another thread and back, in nanoseconds.
struct round_trips {
  std::vector<double> whole;  ///< all but the computing
  std::vector<double> there;  ///< from before the order until the other thread begins
  std::vector<double> back;   ///< from the other thread's end until the waiting one goes on

  void add(std::int64_t ordered, const span_ns& computed, std::int64_t resumed) {
    there.push_back(static_cast<double>(computed[0] - ordered));
    back.push_back(static_cast<double>(resumed - computed[1]));
    whole.push_back(there.back() + back.back());
  }
};

}  // namespace perf
