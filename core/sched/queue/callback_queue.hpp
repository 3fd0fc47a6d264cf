// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors
#pragma once

#include <torc/detail/record.hpp>

#include <atomic>
#include <cstddef>
#include <deque>
#include <mutex>

#include "core/base/try_lock.hpp"
#include "core/sched/queue/queue_link.hpp"
#include "core/sched/queue/queue_state.hpp"

namespace torc::sched {

/// Callbacks of the primary task's futures that have not begun, first in, first out. Workers take them before anything
/// else that they have not begun, and the primary task's own thread does while it waits: so they are not late by the
/// bodies that run. Thread-safe.
class callback_queue {
 public:
  void push(detail::record& task) {
    const std::scoped_lock lock(m_mutex);
    link_in(task);
    m_waiting.push_back(&task);
    m_size.store(m_waiting.size(), std::memory_order_release);
  }
  /// Null if there is none.
  detail::record* pop() noexcept {
    if (!has_items()) return nullptr;
    const std::scoped_lock lock(m_mutex);
    if (m_waiting.empty()) return nullptr;
    detail::record* const task = m_waiting.front();
    m_waiting.pop_front();
    link_out(*task);
    m_size.store(m_waiting.size(), std::memory_order_release);
    return task;
  }
  /// A glance without the lock.
  bool has_items() const noexcept { return m_size.load(std::memory_order_acquire) != 0; }

  /// For reports: adds its own to those of another queue.
  void look(queue_state& waiting, const task_noter& note) const {
    const auto lock = base::lock_soon(m_mutex);
    if (!lock.owns_lock()) {
      waiting.is_known = false;
      return;
    }
    waiting.size += m_waiting.size();
    for (const detail::record* task : m_waiting) {
      note(*task);
      if (waiting.first.size() < queue_state::most_named) waiting.first.push_back(task::naming_of(*task));
    }
  }

 private:
  mutable std::mutex m_mutex;
  std::deque<detail::record*> m_waiting;
  std::atomic<std::size_t> m_size{0};
};

}  // namespace torc::sched
