// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors
#pragma once

#include <chrono>
#include <cstdint>

namespace torc::base {

/// The monotonic clock that all of torc's durations and deadlines are measured with.
using clock = std::chrono::steady_clock;
using time_point = clock::time_point;

inline time_point now() noexcept { return clock::now(); }

inline std::uint64_t to_ns(time_point t) noexcept {
  return static_cast<std::uint64_t>(std::chrono::duration_cast<std::chrono::nanoseconds>(t.time_since_epoch()).count());
}

/// Nanoseconds since an arbitrary moment, the same one for the whole process.
inline std::uint64_t now_ns() noexcept { return to_ns(now()); }

/// `start + d`, or the clock's last moment when the sum lies beyond it or is infinite: a time-out of "for ever" must
/// not overflow into the past.
inline time_point deadline_after(time_point start, std::chrono::duration<double> d) noexcept {
  const std::chrono::duration<double> room = time_point::max() - start;
  // Half the room: the conversion of the largest values to double rounds up.
  if (!(d < room / 2)) return time_point::max();
  if (!(d.count() > 0)) return start;
  return start + std::chrono::duration_cast<clock::duration>(d);
}

}  // namespace torc::base
