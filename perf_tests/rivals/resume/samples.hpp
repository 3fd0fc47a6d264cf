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
class round_trips {
 public:
  /// At most so many, and no more once a second has passed: where other programs hold the cores a single one takes
  /// long.
  explicit round_trips(int count) : m_left(count), m_last(now_ns() + 1'000'000'000) {}

  bool goes_on() { return m_left-- > 0 && now_ns() < m_last; }

  void add(std::int64_t ordered, const span_ns& computed, std::int64_t resumed) {
    m_there.push_back(static_cast<double>(computed[0] - ordered));
    m_back.push_back(static_cast<double>(resumed - computed[1]));
    m_whole.push_back(m_there.back() + m_back.back());
  }

  const std::vector<double>& whole() const { return m_whole; }  ///< all but the computing
  const std::vector<double>& there() const { return m_there; }  ///< from before the order until the other begins
  const std::vector<double>& back() const { return m_back; }    ///< from the other's end until the waiting one goes on

 private:
  int m_left;
  std::int64_t m_last;
  std::vector<double> m_whole;
  std::vector<double> m_there;
  std::vector<double> m_back;
};

}  // namespace perf
