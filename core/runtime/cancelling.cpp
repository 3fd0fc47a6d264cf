// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors
#include "core/base/check.hpp"
#include "core/runtime/progress.hpp"
#include "core/sched/queue/claims.hpp"
#include "core/sched/worker/completion.hpp"

/// Cancelling between nodes. A request to cancel a task that is away is answered exactly once: by the other nodes, or
/// at once if the task is not away when the holder of the role comes to it. That its outcome is known here is such an
/// answer too; whoever asked then waits until it is published.
namespace torc::runtime {

using detail::record;
using detail::start_state;
using sched::cancel_answer;

/// Lives until it has been answered, even if the caller could not wait for that; and so does the task.
struct progress::cancelling {
  explicit cancelling(record& wanted) : task(wanted) {
    task.state.fetch_add(detail::state_bits::reference, std::memory_order_relaxed);
  }
  cancelling(const cancelling&) = delete;
  cancelling& operator=(const cancelling&) = delete;
  ~cancelling() { sched::release_reference(task); }

  void decide(cancel_answer decided) noexcept {
    answer = decided;
    woken.notify();
  }

  record& task;
  record* const awaited = &task;
  sched::baton woken{sched::wait_cause::for_cancelling(awaited)};
  cancel_answer answer = cancel_answer::not_away;
};

cancel_answer progress::cancel(record& task) {
  const auto request = std::make_shared<cancelling>(task);
  post([this, request] {
    if (sched::is_away(request->task)) {
      m_cancels.emplace(&request->task, request);
      TORC_CHECK(m_node.cancel(request->task.away_name));
      return;
    }
    const bool has_ended = request->task.started.load(std::memory_order_relaxed) == start_state::ended;
    request->decide(has_ended ? cancel_answer::ended : cancel_answer::not_away);
  });
  request->woken.wait();
  return request->answer;
}

void progress::cancel_decided(protocol::task_ref ref, bool is_cancelled) {
  const auto [first, last] = m_cancels.equal_range(reinterpret_cast<record*>(ref));
  for (auto request = first; request != last; ++request)
    request->second->decide(is_cancelled ? cancel_answer::ended : cancel_answer::too_late);
  m_cancels.erase(first, last);
}

/// Its home is told by whoever asks. The record stays where it is queued, for whoever takes it out to free, which may
/// be as soon as it is revoked.
bool progress::cancel_guest(std::uint64_t name) {
  sched::guest_record* const guest = m_guests[static_cast<std::uint32_t>(name)];
  if (guest == nullptr) return false;  // refused, home will hear
  guest->state.fetch_add(detail::state_bits::reference, std::memory_order_relaxed);
  const bool is_won = sched::revoke(*guest) == sched::revocation::won;
  if (is_won) {
    sched::revoked_tasks revoked;
    if ((guest->flags & detail::record_flags::limited) != 0) m_scheduler->release_units(*guest, revoked);
    m_scheduler->sweep(revoked);
    drop(revoked);
  }
  drop(*guest);
  return is_won;
}

}  // namespace torc::runtime
