// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors
#pragma once

#include <atomic>

#include "core/base/cache_line.hpp"

namespace torc::sched {

/// One word that a busy worker reads instead of all the queues in which something may wait for it alone.
///
/// Whoever puts something there raises the word afterwards. The worker lowers it before it looks into the queues. So
/// nothing is overlooked: if raise comes after lower in the word's order, the word stays up; else lower reads it, or
/// an operation that followed it. All of them read and write at once, so they are in the release sequence of that
/// raise, and what had been put into a queue before it is seen by the look that follows lower.
class urgent_flag {
 public:
  /// Any thread, after something has been put into a queue.
  void raise() noexcept { m_is_raised.exchange(true, std::memory_order_release); }

  bool is_raised() const noexcept { return m_is_raised.load(std::memory_order_relaxed); }
  /// By the worker, before it looks into its queues; it raises the word again if it leaves anything there.
  void lower() noexcept { m_is_raised.exchange(false, std::memory_order_acq_rel); }

 private:
  alignas(base::cache_line_bytes) std::atomic<bool> m_is_raised{false};
};

}  // namespace torc::sched
