// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors
#include <thread>

#include "core/base/check.hpp"
#include "core/sched/peers/peers.hpp"
#include "core/sched/queue/claims.hpp"
#include "core/sched/scheduler.hpp"
#include "core/sched/wait/waiters.hpp"
#include "core/sched/worker/baton.hpp"
#include "core/sched/worker/calling_task.hpp"
#include "core/sched/worker/completion.hpp"
#include "core/sched/worker/devices.hpp"
#include "core/sched/worker/worker.hpp"
#include "core/task/extras.hpp"

/// What future::cancel does. Whenever it says true the future is done.
namespace torc::sched {
namespace {

using detail::record;
namespace bits = detail::state_bits;

/// Whoever has revoked it sets `done` before anything else, so this is over in a moment even where waiting is
/// forbidden.
void spin_until_done(const record& task) noexcept {
  while ((task.state.load(std::memory_order_acquire) & bits::done) == 0) std::this_thread::yield();
}

void wait_until_done(record& task) {
  struct until_done final : detail::waiter {
    explicit until_done(record& cancelled) : task(&cancelled) {}
    void fire(record& /*done*/) noexcept override { woken.notify(); }
    record* const task;
    baton woken{wait_cause::for_cancelling(task)};
  } wait(task);
  if (!add_waiter(task, wait)) return;
  try {
    wait.woken.wait();
  } catch (...) {
    remove_waiter(task, wait);
    throw;
  }
  remove_waiter(task, wait);  // it may still be firing
}

}  // namespace

/// What others may not take is looked at each time, the queues with a lock only once there may be half as many revoked
/// tasks as others: so the search takes constant time for each of them.
void scheduler::sweep(revoked_tasks& taken) {
  constexpr std::size_t least_worth_a_search = 64;
  if (worker* const here = worker::current(); here != nullptr) here->take_revoked_nested(taken);
  if (m_num_revoked.fetch_add(1, std::memory_order_relaxed) >= m_sweeps_at.load(std::memory_order_relaxed)) {
    m_num_revoked.store(0, std::memory_order_relaxed);
    std::size_t left = m_shared.take_revoked(taken) + m_limits.take_revoked(taken) + m_devices->take_revoked(taken);
    for (const auto& w : m_workers) left += w->take_revoked_pinned(taken);
    if (m_gangs.is_wanted()) {
      left += m_gangs.take_revoked(taken);
      m_work_event.notify_all();  // there is another one to join
    }
    m_sweeps_at.store(least_worth_a_search + left / 2, std::memory_order_relaxed);
  }
}

void scheduler::give_up(revoked_tasks& revoked) {
  if (revoked.has_items()) m_running.let_read();
  const waiting_ban ban(
      "a task that is cancelled may not wait: the destructor of its function or of an argument was about to");
  while (record* const entry = revoked.pop()) release_reference(*entry);
}

bool scheduler::cancel(record& task) {
  TORC_CHECK((task.flags & detail::record_flags::guest) == 0);
  for (;;) {
    switch (revoke(task)) {
      case revocation::won:
        m_running.let_read();  // whoever looks may have found it queued, and be about to look at its parent
        task.result_kind = detail::outcome::cancelled;
        m_rare_counts.unbegun.fetch_add(1, std::memory_order_relaxed);
        task.state.fetch_add(bits::reference, std::memory_order_relaxed);  // the queue still holds the record
        // Before it is over: whoever takes it out of its queue might give them back when the session has ended.
        if ((task.flags & detail::record_flags::limited) != 0) release_units(task);
        complete(task);
        {
          revoked_tasks taken;
          sweep(taken);
          give_up(taken);
        }
        return true;
      case revocation::lost:
        return false;
      case revocation::by_another:
        spin_until_done(task);
        return true;
      case revocation::elsewhere:
        break;
    }
    switch (m_settings.peers->cancel(task)) {
      case cancel_answer::too_late:
        return false;
      case cancel_answer::ended:
        wait_until_done(task);
        return detail::has_no_body(task.result_kind);
      case cancel_answer::not_away:
        break;
    }
  }
}

}  // namespace torc::sched
