// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors
#pragma once

#include <torc/detail/record.hpp>

#include <atomic>
#include <deque>
#include <mutex>

#include "core/base/try_lock.hpp"
#include "core/sched/queue/queue_link.hpp"
#include "core/sched/queue/queue_state.hpp"

namespace torc::sched {

/// The spmd bodies that worker 0 is to run, one at a time, in the order of their calls. Thread-safe.
class spmd_queue {
 public:
  void push(detail::record& task) {
    const std::scoped_lock lock(m_mutex);
    m_waiting.push_back(&task);
    link_in(task);
    m_is_pending.store(!m_is_running, std::memory_order_release);
  }
  /// The next one, if none is running: it runs until finished().
  detail::record* take() {
    if (!is_pending()) return nullptr;
    const std::scoped_lock lock(m_mutex);
    if (m_is_running || m_waiting.empty()) return nullptr;
    detail::record* const task = m_waiting.front();
    m_waiting.pop_front();
    link_out(*task);
    m_is_running = true;
    m_is_pending.store(false, std::memory_order_release);
    return task;
  }
  void finished() {
    const std::scoped_lock lock(m_mutex);
    m_is_running = false;
    m_is_pending.store(!m_waiting.empty(), std::memory_order_release);
  }
  /// For reports: those that wait, and whether one is running.
  bool look(queue_state& waiting, const task_noter& note) {
    const auto lock = base::lock_soon(m_mutex);
    waiting.is_known = lock.owns_lock();
    if (!waiting.is_known) return false;
    waiting.size = m_waiting.size();
    for (const detail::record* task : m_waiting) {
      note(*task);
      if (waiting.first.size() < queue_state::most_named) waiting.first.push_back(task::naming_of(*task));
    }
    return m_is_running;
  }
  bool is_pending() const noexcept { return m_is_pending.load(std::memory_order_acquire); }

 private:
  std::mutex m_mutex;
  std::deque<detail::record*> m_waiting;
  bool m_is_running = false;
  std::atomic<bool> m_is_pending{false};
};

}  // namespace torc::sched
