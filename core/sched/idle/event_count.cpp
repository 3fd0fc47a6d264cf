// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors
#include "core/sched/idle/event_count.hpp"

#include <linux/futex.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <ctime>

namespace torc::sched {

void event_count::wake_any(bool may_leave) noexcept {
  for (parker* worker : m_workers) {
    if (worker->is_sleeping() && wake(*worker)) return;
  }
  if (may_leave && (m_sleeping.load(std::memory_order_relaxed) & watcher) != 0 &&
      (m_sleeping.fetch_and(~watcher, std::memory_order_relaxed) & watcher) != 0)
    m_has_surplus();
}

bool event_count::wake(parker& worker) noexcept {
  std::uint32_t expected = parker::sleeping;
  if (!worker.m_state.compare_exchange_strong(expected, parker::awake, std::memory_order_release)) return false;
  count_as_searching();
  syscall(SYS_futex, &worker.m_state, FUTEX_WAKE_PRIVATE, 1, nullptr, nullptr, 0);
  return true;
}

void event_count::block(parker& self, std::chrono::nanoseconds longest) noexcept {
  const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(longest);
  timespec time{};
  time.tv_sec = static_cast<time_t>(seconds.count());
  time.tv_nsec = static_cast<long>((longest - seconds).count());
  // Returns at once if somebody has set it to awake meanwhile; a wake-up without reason does no harm.
  syscall(SYS_futex, &self.m_state, FUTEX_WAIT_PRIVATE, parker::sleeping, &time, nullptr, 0);
}

}  // namespace torc::sched
