// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors
#pragma once

#include <torc/detail/record.hpp>

namespace torc::sched {

class worker;

/// The task in whose name this thread runs code: what its worker runs, or what in_name_of names. Null if there is none.
detail::record* calling_task() noexcept;

/// In a child of fork: its only thread runs no task any more. The process ends when the body does that called fork.
void leave_task_in_child() noexcept;

/// While it lives, this thread, a worker's or not, runs in the name of a task that waits elsewhere (or of none). What
/// is submitted counts as that task's.
class in_name_of {
 public:
  explicit in_name_of(detail::record* task) noexcept;
  in_name_of(const in_name_of&) = delete;
  in_name_of& operator=(const in_name_of&) = delete;
  ~in_name_of();

 private:
  detail::record* m_before;
};

/// While it lives, a wait on this thread throws torc::error with the reason. They nest; the innermost one's reason
/// counts.
class waiting_ban {
 public:
  /// The text must outlive it.
  explicit waiting_ban(const char* reason) noexcept;
  waiting_ban(const waiting_ban&) = delete;
  waiting_ban& operator=(const waiting_ban&) = delete;
  ~waiting_ban();

 private:
  const char* m_before;
};

/// Throws torc::error where waiting is forbidden: under a ban, and where a worker runs no task.
void check_may_wait();

}  // namespace torc::sched
