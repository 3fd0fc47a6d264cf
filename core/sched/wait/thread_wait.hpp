// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors
#pragma once

#include <functional>

#include "core/base/clock.hpp"
#include "core/sched/wait/suspended.hpp"

namespace torc::sched {

/// A wait of a thread that runs no task, in the list of all of them in this process, for reports. It may block
/// anywhere, so a lock is no matter.
class thread_wait {
 public:
  /// What the cause lists must live until the wait is over.
  explicit thread_wait(const wait_cause& cause) noexcept;
  thread_wait(const thread_wait&) = delete;
  thread_wait& operator=(const thread_wait&) = delete;
  ~thread_wait();

  /// Calls the function for each of them, of which none is over before it returns. Any thread; false if another one
  /// held the lock for long.
  static bool for_each(const std::function<void(const thread_wait&)>& function);

  const wait_cause& cause() const noexcept { return m_cause; }
  /// As the system numbers them.
  long thread() const noexcept { return m_thread; }
  base::time_point since() const noexcept { return m_since; }

 private:
  const wait_cause& m_cause;
  const long m_thread;
  const base::time_point m_since;
  // The list's; guarded.
  thread_wait* m_next = nullptr;
  thread_wait* m_previous = nullptr;
};

}  // namespace torc::sched
