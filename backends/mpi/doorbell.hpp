// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors
#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>

#include "core/base/cache_line.hpp"

namespace torc::backends::mpi {

/// What the nodes of one host know of one of them, in memory that they share.
struct mailbox {
  /// Bit 0: whether to ring; the bits above: how often somebody has. The word of a futex.
  alignas(base::cache_line_bytes) std::atomic<std::uint32_t> bell{0};
  /// Frames that the others have handed to MPI for this node.
  std::atomic<std::uint64_t> sent{0};
  /// How many of those it has taken from MPI. Only itself writes it.
  alignas(base::cache_line_bytes) std::atomic<std::uint64_t> received{0};

  bool has_mail() const noexcept { return sent.load() != received.load(std::memory_order_relaxed); }
  /// A frame is on its way: counts it and rings if nobody polls there.
  void announce() noexcept {
    sent.fetch_add(1);
    nudge();
  }
  /// Rings if nobody polls there.
  void nudge() noexcept {
    const std::uint32_t seen = bell.load();
    if ((seen & 1U) != 0) ring_armed(seen);
  }

 private:
  void ring_armed(std::uint32_t seen) noexcept;
};
static_assert(std::atomic<std::uint32_t>::is_always_lock_free && std::atomic<std::uint64_t>::is_always_lock_free);

/// A node's side of its mailbox: who polls, who sleeps.
///
/// No frame is missed by a node that sleeps. The sender (S) and the last thread that polls (P) do
///   S1  sent += 1             P1  bit 0 of bell := 1       (end_polling)
///   S2  read bell             P2  compare sent to received (the poll after it)
/// all seq_cst, so they have one order. Either S1 comes before P2: then P2 sees the frame, and polls until it is here.
/// Or P2 comes before S1; then P1 comes before S2, which finds bit 0 set, or cleared since by a ring or by
/// begin_polling. If set, the sender rings. In all three cases the node polls again, after S1.
///
/// No ring is missed between the decision to sleep and the wait: ringing changes the number in the bell, the sleeper
/// compares that to the last one it has heard, and the kernel puts it to sleep only if the bell is as it was then. So
/// at worst it returns once for a ring that was dealt with already.
///
/// Threads that come and go: bit 0 is cleared by the first one that begins and set by the last one that ends. When the
/// one is late, between the other's two steps, the bit can be set although somebody polls: needless rings. It is never
/// clear while nobody polls but after a ring: whoever clears it has not ended yet, and the last to end sets it.
class doorbell {
 public:
  explicit doorbell(mailbox& own) noexcept : m_own(own) { own.bell.fetch_or(1); }
  doorbell(const doorbell&) = delete;
  doorbell& operator=(const doorbell&) = delete;

  /// As transport's.
  void begin_polling() noexcept {
    if (m_num_polling.fetch_add(1) == 0) m_own.bell.fetch_and(~1U);
  }
  bool end_polling() noexcept {
    if (m_num_polling.fetch_sub(1) != 1) return false;
    m_own.bell.fetch_or(1);
    return true;
  }
  /// By one thread at a time; of two that do it nevertheless a ring wakes at least one.
  void sleep(std::chrono::nanoseconds longest) noexcept;
  void ring() noexcept;

 private:
  mailbox& m_own;
  std::atomic<int> m_num_polling{0};
  std::atomic<bool> m_is_asleep{false};
  std::atomic<std::uint32_t> m_heard{0};  ///< number in the bell when the last sleep was over
};

}  // namespace torc::backends::mpi
