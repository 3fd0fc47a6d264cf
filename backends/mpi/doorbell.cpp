// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors
#include "backends/mpi/doorbell.hpp"

#include <linux/futex.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <climits>
#include <ctime>

#include "core/base/clock.hpp"

namespace torc::backends::mpi {
namespace {

// Not the private operations: the word is shared by processes.

void wait_while(std::atomic<std::uint32_t>& word, std::uint32_t value, std::chrono::nanoseconds longest) noexcept {
  const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(longest);
  timespec time{};
  time.tv_sec = static_cast<time_t>(seconds.count());
  time.tv_nsec = static_cast<long>((longest - seconds).count());
  syscall(SYS_futex, &word, FUTEX_WAIT, value, &time, nullptr, 0);
}

void wake_all(std::atomic<std::uint32_t>& word) noexcept {
  syscall(SYS_futex, &word, FUTEX_WAKE, INT_MAX, nullptr, nullptr, 0);
}

constexpr std::uint32_t number(std::uint32_t bell) noexcept { return bell >> 1U; }

}  // namespace

void mailbox::ring_armed(std::uint32_t seen) noexcept {
  // Clears bit 0 and counts the ring. If the bell has changed meanwhile, somebody else rang or polls.
  if (bell.compare_exchange_strong(seen, seen + 1)) wake_all(bell);
}

void doorbell::sleep(std::chrono::nanoseconds longest) noexcept {
  const base::time_point deadline = base::deadline_after(base::now(), longest);
  m_is_asleep.store(true);
  for (;;) {
    const std::uint32_t seen = m_own.bell.load();
    if (number(seen) != m_heard.load(std::memory_order_relaxed)) {
      m_heard.store(number(seen), std::memory_order_relaxed);
      break;
    }
    const auto left = deadline - base::now();
    if (left <= std::chrono::nanoseconds::zero()) break;
    wait_while(m_own.bell, seen, left);
  }
  m_is_asleep.store(false);
}

void doorbell::ring() noexcept {
  // Either the sleeper sees the new number, or this sees the sleeper: all seq_cst.
  m_own.bell.fetch_add(2);
  if (m_is_asleep.load()) wake_all(m_own.bell);
}

}  // namespace torc::backends::mpi
