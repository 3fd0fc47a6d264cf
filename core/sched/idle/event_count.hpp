// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors
#pragma once

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstdint>
#include <functional>
#include <vector>

#include "core/base/asymmetric_fence.hpp"
#include "core/base/cache_line.hpp"

namespace torc::sched {

/// Where one worker sleeps.
class parker {
 public:
  bool is_sleeping() const noexcept { return m_state.load(std::memory_order_relaxed) == sleeping; }

 private:
  friend class event_count;
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
/// and look again before it can sleep. If it finds something else, it counts itself out, and if it was the last
/// searcher passes a heavy fence too and looks whether there is more: then it wakes the next sleeper. So nobody is
/// woken for a single task that an awake worker has taken.
class event_count {
 public:
  explicit event_count(std::vector<parker*> workers) : m_workers(std::move(workers)) {}

  /// Somebody beside the workers who takes what they leave, if it may leave the node. `has_surplus` is called by the
  /// thread that finds such work, and may not block. Before the first call of watch.
  void set_watcher(std::function<void()> has_surplus) { m_has_surplus = std::move(has_surplus); }
  /// The watcher is called once from now on. It costs nobody a fence, and so may miss what becomes visible meanwhile:
  /// it must look by itself from time to time.
  void watch() noexcept {
    if ((m_sleeping.load(std::memory_order_relaxed) & watcher) == 0)
      m_sleeping.fetch_or(watcher, std::memory_order_relaxed);
  }
  void end_watch() noexcept {
    if ((m_sleeping.load(std::memory_order_relaxed) & watcher) != 0)
      m_sleeping.fetch_and(~watcher, std::memory_order_relaxed);
  }

  /// At some moment.
  int num_sleeping() const noexcept { return m_sleeping.load(std::memory_order_relaxed) & ~watcher; }
  /// Those that search too.
  int num_idle() const noexcept { return num_sleeping() + std::max(0, m_searching.load(std::memory_order_relaxed)); }

  /// After work that none of the workers may be able to do, and which the watcher waits for.
  void call_watcher() noexcept { m_has_surplus(); }

  /// After work that any worker may do has become visible; `may_leave`: other nodes may do it too.
  void notify(bool may_leave = true) noexcept {
    base::light_fence();
    if (m_sleeping.load(std::memory_order_relaxed) != 0 && m_searching.load(std::memory_order_relaxed) == 0)
      wake_any(may_leave);
  }
  /// After work that only this worker may do has become visible.
  void notify(parker& worker) noexcept {
    base::light_fence();
    if (worker.is_sleeping()) wake(worker);
  }
  void notify_all() noexcept {
    base::light_fence();
    for (parker* worker : m_workers) wake(*worker);
  }

  /// The worker is out of work.
  void begin_search() noexcept { m_searching.fetch_add(1, std::memory_order_relaxed); }
  /// It has found some; `has_more()`: there is further work for others.
  template <class HasMore>
  void end_search(HasMore has_more) noexcept {
    if (m_searching.fetch_sub(1, std::memory_order_relaxed) != 1) return;
    if (m_sleeping.load(std::memory_order_relaxed) == 0) return;  // whoever goes to sleep now looks for work itself
    if (!has_more()) {
      base::heavy_fence();
      if (!has_more()) return;
    }
    wake_any(true);
  }

  /// Sleeps, as a searcher before and after, until woken or the time is over, unless `has_work()`; false after the
  /// whole time.
  template <class HasWork>
  bool sleep(parker& self, std::chrono::nanoseconds longest, HasWork has_work) noexcept {
    self.m_state.store(parker::sleeping, std::memory_order_relaxed);
    m_sleeping.fetch_add(1, std::memory_order_relaxed);
    m_searching.fetch_sub(1, std::memory_order_relaxed);
    base::heavy_fence();
    if (!has_work()) block(self, longest);
    // Whoever woke this worker has counted it as searching already.
    std::uint32_t expected = parker::sleeping;
    if (!self.m_state.compare_exchange_strong(expected, parker::awake, std::memory_order_acquire)) return true;
    count_as_searching();
    return false;
  }

 private:
  void wake_any(bool may_leave) noexcept;
  bool wake(parker& worker) noexcept;
  static void block(parker& self, std::chrono::nanoseconds longest) noexcept;
  void count_as_searching() noexcept {
    m_searching.fetch_add(1, std::memory_order_relaxed);
    m_sleeping.fetch_sub(1, std::memory_order_relaxed);
  }

  std::vector<parker*> m_workers;
  std::function<void()> m_has_surplus;
  /// In m_sleeping: the watcher is to be called. One word, so that submitters read no more than they must.
  static constexpr int watcher = 1 << 30;
  alignas(base::cache_line_bytes) std::atomic<int> m_sleeping{0};  ///< workers, and the watcher
  std::atomic<int> m_searching{0};
};

}  // namespace torc::sched
