// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors
#include "core/sched/running.hpp"

#include <thread>

#include "core/base/asymmetric_fence.hpp"
#include "core/sched/worker.hpp"
#include "core/task/extras.hpp"

namespace torc::sched {

void running_bodies::note_age(observed& seen, base::time_point now) {
  const detail::record* const task = seen.thread->task_of_other_thread();
  const torc::record::counters& counts = seen.thread->counters();
  const std::uint64_t executed = counts.executed.value();
  const std::uint64_t suspended = counts.suspended.value();
  if (task == seen.task && executed == seen.executed && suspended == seen.suspended) return;
  seen.task = task;
  seen.executed = executed;
  seen.suspended = suspended;
  seen.since = now;
}

void running_bodies::note_ages() {
  const std::scoped_lock lock(m_mutex);
  const auto now = base::now();
  for (observed& seen : m_threads) note_age(seen, now);
}

std::vector<running_body> running_bodies::look() {
  struct reading {
    explicit reading(std::atomic<bool>& f) : flag(f) {
      flag.store(true, std::memory_order_relaxed);
      base::heavy_fence();
    }
    ~reading() { flag.store(false, std::memory_order_release); }
    std::atomic<bool>& flag;
  };
  const std::scoped_lock lock(m_mutex);
  const auto now = base::now();
  std::vector<running_body> found;
  std::vector<task::naming> names;
  {
    const reading from_here(m_are_read);
    for (observed& seen : m_threads) {
      note_age(seen, now);
      const detail::record* const task = seen.thread->task_of_other_thread();
      if (task == nullptr) continue;
      names.push_back(task::naming_of(*task));
      constexpr auto primary = detail::record_flags::primary | detail::record_flags::uncounted;
      found.push_back({.task = {},
                       .thread = seen.name,
                       .is_primary = (task->flags & primary) == primary,
                       .age = task == seen.task ? now - seen.since : std::chrono::nanoseconds{}});
    }
  }
  // Names of functions only now: a thread that loads a library, which may take long, keeps others from looking them up.
  for (std::size_t i = 0; i < found.size(); ++i) found[i].task = task::name_of(names[i]);
  return found;
}

void running_bodies::wait_until_read() const noexcept {
  while (are_read()) std::this_thread::yield();
}

}  // namespace torc::sched
