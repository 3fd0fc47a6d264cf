// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors

#pragma once

#include <oneapi/tbb/task.h>
#include <oneapi/tbb/task_group.h>

#include <atomic>
#include <cstdint>
#include <thread>

#include "rivals/resume/samples.hpp"
#include "support/teams.hpp"

namespace perf {

/// A task that suspends itself, resumed by a thread that spins for the order. (oneTBB cannot pin a task to a thread.)
inline round_trips tbb_resume(int count, std::int64_t length_ns) {
  using oneapi::tbb::task::suspend_point;
  alignas(64) std::atomic<suspend_point> ordered = nullptr;
  std::atomic<bool> is_over = false;
  span_ns computed{};
  std::thread other([&] {
    while (!is_over.load(std::memory_order_acquire)) {
      const suspend_point waiting = ordered.exchange(nullptr, std::memory_order_acq_rel);
      if (waiting == nullptr) continue;
      computed = compute_for(length_ns);
      oneapi::tbb::task::resume(waiting);
    }
  });
  round_trips found(count);
  with_tbb(1, [&] {
    oneapi::tbb::task_group group;
    group.run_and_wait([&] {
      while (found.goes_on()) {
        const std::int64_t start = now_ns();
        oneapi::tbb::task::suspend([&](suspend_point here) { ordered.store(here, std::memory_order_release); });
        found.add(start, computed, now_ns());
      }
    });
  });
  is_over.store(true, std::memory_order_release);
  other.join();
  return found;
}

}  // namespace perf
