// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors
#include <thread>

#include "core/base/check.hpp"
#include "core/sched/claims.hpp"
#include "core/sched/completion.hpp"
#include "core/sched/other_nodes.hpp"
#include "core/sched/scheduler.hpp"
#include "core/sched/waiters.hpp"
#include "core/sched/wakeup.hpp"

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
    void fire(record& /*done*/) noexcept override { woken.notify(); }
    wakeup woken;
  } wait;
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

bool scheduler::cancel(record& task) {
  TORC_CHECK((task.flags & detail::record_flags::guest) == 0);
  for (;;) {
    switch (revoke(task)) {
      case revocation::won:
        task.result_kind = detail::outcome::cancelled;
        task.state.fetch_add(bits::reference, std::memory_order_relaxed);  // the queue still holds the record
        complete(task);
        return true;
      case revocation::lost:
        return false;
      case revocation::by_another:
        spin_until_done(task);
        return true;
      case revocation::elsewhere:
        break;
    }
    switch (m_settings.others->cancel(task)) {
      case cancel_answer::too_late:
        return false;
      case cancel_answer::ended:
        wait_until_done(task);
        return task.result_kind == detail::outcome::cancelled;
      case cancel_answer::not_away:
        break;
    }
  }
}

}  // namespace torc::sched
