// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors

#pragma once

#include <cstdint>
#include <stdexcept>

#include "rivals/resume/samples.hpp"
#include "support/teams.hpp"

namespace perf {

/// A task on worker 0 that waits for a child that only worker 1 may run.
inline round_trips torc_resume(int count, std::int64_t length_ns) {
  round_trips found(count);
  const auto parent = [&] {
    while (found.goes_on()) {
      const std::int64_t start = now_ns();
      const auto child = torc::submit({.worker = 1, .pinned = true}, compute_for, length_ns);
      torc::wait();
      const std::int64_t resumed = now_ns();
      found.add(start, child.result(), resumed);
    }
  };
  with_torc(2, [&] { torc::submit({.worker = 0, .pinned = true}, torc::local(parent)).result(); });
  return found;
}

/// The nanoseconds that a task takes with a child that it submits and waits for, on one worker: on the waiting task's
/// own stack, or so that the waiting task must suspend.
inline double torc_own_child(int count, bool is_suspending) {
  double seconds = 0;
  const auto parent = [&] {
    const auto start = clock::now();
    for (int i = 0; i < count; ++i) {
      const auto child = torc::submit(compute_for, std::int64_t{0});
      // Only a wait for all of the listed runs them inline.
      torc::wait(std::vector{child}, is_suspending ? torc::first_completed : torc::all_completed);
    }
    seconds = seconds_since(start);
  };
  with_torc(1, [&] {
    const auto before = torc::stats().suspended;
    torc::submit(torc::local(parent)).result();
    const auto suspended = torc::stats().suspended - before;
    if (is_suspending && suspended < static_cast<std::uint64_t>(count)) {
      throw std::runtime_error("a wait that should have suspended its task did not");
    }
  });
  return seconds * 1e9 / count;
}

}  // namespace perf
