// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors
#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <functional>
#include <vector>

#include "core/base/asymmetric_fence.hpp"
#include "core/base/cache_line.hpp"

namespace torc::sched {

/// Where one worker sleeps.
class parking {
 public:
  bool is_sleeping() const noexcept { return m_state.load(std::memory_order_relaxed) == sleeping; }

 private:
  friend class idlers;
  static constexpr std::uint32_t awake = 0;
  static constexpr std::uint32_t sleeping = 1;
  alignas(base::cache_line_bytes) std::atomic<std::uint32_t> m_state{awake};
};

/// The node's event count: who is out of work, and how work wakes them.
///
/// No wake-up is lost. A submitter makes work visible and then reads the counts; a worker that goes to sleep first
/// counts itself as sleeping and then looks for work once more. Between the two steps the worker has a heavy and the
/// submitter a light fence, so at least one of them sees the other: the submitter wakes the worker, or the worker finds
/// the work. A submitter that sees a worker searching leaves the work to it: that worker has yet to pass its own fence
/// and look again before it can sleep, and the last searcher that finds something wakes the next sleeper.
class idlers {
 public:
  explicit idlers(std::vector<parking*> workers) : m_workers(std::move(workers)) {}

  /// Somebody beside the workers who takes what they leave: it counts as a sleeper that is woken last. `has_surplus` is
  /// called by the thread that wakes it, and may not block. Before the first call of watch.
  void set_watcher(std::function<void()> has_surplus) { m_has_surplus = std::move(has_surplus); }
  /// The watcher is asleep from now on; it must look for work once more after this call. By one thread at a time.
  void begin_watch() noexcept;
  /// It sleeps no more. False if it has been woken: then it counts as searching, until end_search.
  bool end_watch() noexcept;

  /// After work that any worker may do has become visible.
  void notify() noexcept {
    base::light_fence();
    if (m_sleeping.load(std::memory_order_relaxed) != 0 && m_searching.load(std::memory_order_relaxed) == 0) wake_any();
  }
  /// After work that is for the watcher, and which none of the workers may be able to do, has become visible.
  void notify_watcher() noexcept {
    base::light_fence();
    if (m_watcher.is_sleeping()) wake_watcher();
  }
  /// After work that only this worker may do has become visible.
  void notify(parking& worker) noexcept {
    base::light_fence();
    if (worker.is_sleeping()) wake(worker);
  }
  void notify_all() noexcept {
    base::light_fence();
    for (parking* worker : m_workers) wake(*worker);
  }

  /// The worker is out of work, or has found some.
  void begin_search() noexcept { m_searching.fetch_add(1, std::memory_order_relaxed); }
  void end_search() noexcept {
    if (m_searching.fetch_sub(1, std::memory_order_relaxed) == 1) notify();
  }

  /// Sleeps, as a searcher before and after, until woken or the time is over, unless `has_work()`; false after the
  /// whole time.
  template <class HasWork>
  bool sleep(parking& self, std::chrono::nanoseconds longest, HasWork has_work) noexcept {
    self.m_state.store(parking::sleeping, std::memory_order_relaxed);
    m_sleeping.fetch_add(1, std::memory_order_relaxed);
    m_searching.fetch_sub(1, std::memory_order_relaxed);
    base::heavy_fence();
    if (!has_work()) block(self, longest);
    // Whoever woke this worker has counted it as searching already.
    std::uint32_t expected = parking::sleeping;
    if (!self.m_state.compare_exchange_strong(expected, parking::awake, std::memory_order_acquire)) return true;
    count_as_searching();
    return false;
  }

 private:
  void wake_any() noexcept;
  void wake_watcher() noexcept;
  bool wake(parking& worker) noexcept;
  static void block(parking& self, std::chrono::nanoseconds longest) noexcept;
  void count_as_searching() noexcept {
    m_searching.fetch_add(1, std::memory_order_relaxed);
    m_sleeping.fetch_sub(1, std::memory_order_relaxed);
  }

  std::vector<parking*> m_workers;
  parking m_watcher;
  std::function<void()> m_has_surplus;
  alignas(base::cache_line_bytes) std::atomic<int> m_sleeping{0};
  std::atomic<int> m_searching{0};
};

}  // namespace torc::sched
