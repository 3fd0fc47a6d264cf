// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors
#pragma once

#include <torc/detail/record.hpp>

#include <atomic>
#include <cstdint>
#include <deque>
#include <mutex>

#include "core/base/spinlock.hpp"
#include "core/sched/mpsc_queue.hpp"

namespace torc::sched {

/// The node's queue of the primary task's, placed and arriving tasks: first in, first out. Thread-safe; pushing never
/// waits.
class fifo_queue {
 public:
  /// `is_counted`: whether size() is wanted.
  explicit fifo_queue(bool is_counted = false) noexcept : m_is_counted(is_counted) {}

  void push(detail::record& task) {
    if (m_is_counted) m_size.fetch_add(1, std::memory_order_relaxed);
    m_queue.push(task);
  }

  detail::record* pop() noexcept {
    if (!has_items()) return nullptr;
    const std::scoped_lock lock(m_consumers);
    return pop_locked();
  }

  /// The oldest one that `is_wanted`; those before it keep their places.
  template <class IsWanted>
  detail::record* pop_if(IsWanted is_wanted) {
    if (!has_items()) return nullptr;
    const std::scoped_lock lock(m_consumers);
    for (auto passed = m_passed.begin(); passed != m_passed.end(); ++passed) {
      detail::record* const task = *passed;
      if (!is_wanted(*task)) continue;
      m_passed.erase(passed);
      m_num_passed.store(m_passed.size(), std::memory_order_relaxed);
      link_out(*task);
      return counted(task);
    }
    while (detail::record* const task = m_queue.pop()) {
      if (is_wanted(*task)) return counted(task);
      m_passed.push_back(task);
      link_in(*task);
      m_num_passed.store(m_passed.size(), std::memory_order_relaxed);
    }
    return nullptr;
  }

  /// About how many there are, if they are counted.
  std::int64_t size() const noexcept { return m_size.load(std::memory_order_relaxed); }

  /// A glance without the lock.
  bool has_items() const noexcept { return m_queue.has_items() || m_num_passed.load(std::memory_order_relaxed) != 0; }

 private:
  detail::record* pop_locked() noexcept {
    detail::record* task = nullptr;
    if (!m_passed.empty()) {
      task = m_passed.front();
      m_passed.pop_front();
      link_out(*task);
      m_num_passed.store(m_passed.size(), std::memory_order_relaxed);
    } else {
      task = m_queue.pop();
    }
    return task != nullptr ? counted(task) : nullptr;
  }
  detail::record* counted(detail::record* task) noexcept {
    if (m_is_counted) m_size.fetch_sub(1, std::memory_order_relaxed);
    return task;
  }

  const bool m_is_counted;
  base::spinlock m_consumers;
  mpsc_queue<detail::record> m_queue;
  std::deque<detail::record*> m_passed;  ///< older than all in m_queue; guarded by m_consumers
  std::atomic<std::size_t> m_num_passed{0};
  std::atomic<std::int64_t> m_size{0};
};

}  // namespace torc::sched
