// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors
#pragma once

#include <torc/detail/record.hpp>

#include "core/base/asymmetric_fence.hpp"
#include "core/sched/queue/mpsc_queue.hpp"

namespace torc::sched {

/// The ways of a task at its home from one start_state to another, and who may go them:
///
///     queued ── claim_for_body ──────> started    whoever took it out of its queue
///     queued ── claim_for_departure ─> away       likewise
///     away ──── come_back ───────────> queued     the holder of the role of progress
///     away ──── end_elsewhere ───────> ended      likewise
///     queued ── revoke ──────────────> revoked    any thread; a bit of `state`, since the task stays where it is
///     queued
///
/// Claiming and revoking exclude each other though claims are plain stores as long as nobody revokes: a claim stores
/// `started` and then reads cancel_requested, revoke sets cancel_requested and, after a heavy fence, reads `started`.
/// So revoke sees that the task has been claimed, or the claim sees the request, and then whoever sets `claimed` first
/// has won: revoke sets it together with `revoked`. Who finds the body claimed and not revoked sets `claimed` too
/// before it says so, lest another call revokes the task before the claim looks. A task that comes back is not claimed
/// any more, and the next claim is decided as the first one would be.
///
/// Who revokes a task does not touch the queue that holds it: there it remains as an entry without a task. Whoever
/// takes it out gives up the queue's reference: a worker whose turn it is, or scheduler::sweep before.

/// False if the task has been revoked.
inline bool claim(detail::record& task, detail::start_state next) noexcept {
  using namespace detail::state_bits;
  task.started.store(next, std::memory_order_relaxed);
  base::light_fence();
  if ((task.state.load(std::memory_order_relaxed) & cancel_requested) == 0) [[likely]] {
    return true;
  }
  return (task.state.fetch_or(claimed, std::memory_order_acq_rel) & revoked) == 0;
}

/// False if it is not to be begun any more: it has been revoked.
inline bool claim_for_body(detail::record& task) noexcept { return claim(task, detail::start_state::started); }

/// False if it is not to leave any more: it has been revoked.
inline bool claim_for_departure(detail::record& task) noexcept { return claim(task, detail::start_state::away); }

/// Whether a claim for its departure has succeeded. By the holder of the role of progress, who alone makes such claims.
bool is_away(const detail::record& task) noexcept;

/// The task, which was claimed for its departure, is to be queued here again.
void come_back(detail::record& task) noexcept;

/// The outcome of a task that was claimed for its departure is there, and its waiters will hear of it.
void end_elsewhere(detail::record& task) noexcept;

inline bool is_revoked(const detail::record& task) noexcept {
  return (task.state.load(std::memory_order_acquire) & detail::state_bits::revoked) != 0;
}

/// Revoked tasks that were taken out of their queues.
using revoked_tasks = mpsc_queue<detail::record>;

enum class revocation {
  won,         ///< the body will not begin; the caller ends the task
  lost,        ///< the body has begun, or the future has ended otherwise
  by_another,  ///< another call has won, and `done` is set or will be in a moment
  elsewhere,   ///< claimed for departure: the holder of the role of progress knows more
};
revocation revoke(detail::record& task) noexcept;

}  // namespace torc::sched
