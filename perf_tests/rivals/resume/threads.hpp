// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors

#pragma once

#include <atomic>
#include <cstdint>
#include <semaphore>
#include <thread>

#include "rivals/resume/samples.hpp"

namespace perf {

/// Two bare threads that spin on one atomic each: what the machine's caches alone take.
inline round_trips spinning_threads(int count, std::int64_t length_ns) {
  constexpr int over = -1;
  alignas(64) std::atomic<int> ordered = 0;
  alignas(64) std::atomic<int> finished = 0;
  span_ns computed{};
  std::thread other([&] {
    for (int i = 1;; ++i) {
      int order = ordered.load(std::memory_order_acquire);
      while (order != i && order != over) order = ordered.load(std::memory_order_acquire);
      if (order == over) return;
      computed = compute_for(length_ns);
      finished.store(i, std::memory_order_release);
    }
  });
  round_trips found(count);
  for (int i = 1; found.goes_on(); ++i) {
    const std::int64_t start = now_ns();
    ordered.store(i, std::memory_order_release);
    while (finished.load(std::memory_order_acquire) < i) continue;
    found.add(start, computed, now_ns());
  }
  ordered.store(over, std::memory_order_release);
  other.join();
  return found;
}

/// Two bare threads that sleep in the system while they wait.
inline round_trips sleeping_threads(int count, std::int64_t length_ns) {
  std::binary_semaphore ordered(0);
  std::binary_semaphore finished(0);
  bool is_over = false;
  span_ns computed{};
  std::thread other([&] {
    for (;;) {
      ordered.acquire();
      if (is_over) return;
      computed = compute_for(length_ns);
      finished.release();
    }
  });
  round_trips found(count);
  while (found.goes_on()) {
    const std::int64_t start = now_ns();
    ordered.release();
    finished.acquire();
    found.add(start, computed, now_ns());
  }
  is_over = true;
  ordered.release();
  other.join();
  return found;
}

}  // namespace perf
