// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors
#pragma once

#include <torc/detail/record.hpp>

#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "core/sched/task_queue.hpp"

namespace torc::sched {

/// Named counting limits, such as licences: at most so many bodies of the tasks that name one run at a time. A task
/// that finds its limit used up waits here, not on a worker. Thread-safe.
class limits {
 public:
  /// Declares or changes one. Returns the tasks that may run now.
  std::vector<detail::record*> set(const std::string& name, int capacity);
  bool has(const std::string& name) const;
  /// Names of all, for messages.
  std::string names() const;

  /// False if the task was kept: it comes back from release or set, holding the limit.
  bool acquire(detail::record& task);
  /// The body is over. Returns the task that runs in its place, if any.
  detail::record* release(detail::record& task);
  /// As task_queue::take_revoked, of those that wait.
  std::size_t take_revoked(revoked_tasks& into);
  /// For reports; false if another thread held the lock.
  bool look(std::vector<limit_state>& all) const;
  /// A task that waits here; null when there is none. For the end of a session.
  detail::record* take_leftover();

 private:
  struct limit {
    int capacity = 0;
    int in_use = 0;
    task_queue waiting;
  };
  detail::record* hand_on(limit& l);

  mutable std::mutex m_mutex;
  std::map<std::string, limit> m_limits;
};

}  // namespace torc::sched
