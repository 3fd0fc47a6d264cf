// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors
#pragma once

#include <torc/detail/record.hpp>

#include <mutex>

#include "core/base/spinlock.hpp"
#include "core/sched/mpsc_queue.hpp"

namespace torc::sched {

/// The node's queue of the primary task's, placed and arriving tasks: first in, first out. Thread-safe; pushing never
/// waits.
class fifo_queue {
 public:
  void push(detail::record& task) noexcept { m_queue.push(task); }

  detail::record* pop() noexcept {
    if (!has_items()) return nullptr;
    const std::scoped_lock lock(m_consumers);
    return m_queue.pop();
  }

  /// A glance without the lock.
  bool has_items() const noexcept { return m_queue.has_items(); }

 private:
  base::spinlock m_consumers;
  mpsc_queue<detail::record> m_queue;
};

}  // namespace torc::sched
