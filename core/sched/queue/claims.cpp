// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors
#include "core/sched/queue/claims.hpp"

namespace torc::sched {

using detail::outcome;
using detail::record;
using detail::start_state;
namespace bits = detail::state_bits;

bool is_away(const record& task) noexcept {
  // A claim that did not succeed has stored `started` all the same.
  return task.started.load(std::memory_order_relaxed) == start_state::away && !is_revoked(task);
}

void come_back(record& task) noexcept {
  task.outstanding = 0;  // no name any more
  // Nobody but its departure can have set `claimed`: revoke has seen that it was away. Freed before `started` says
  // so, for revoke, which reads them the other way round.
  task.state.fetch_and(~bits::claimed, std::memory_order_relaxed);
  task.started.store(start_state::queued, std::memory_order_seq_cst);
}

void end_elsewhere(record& task) noexcept {
  task.outstanding = 0;  // no name any more
  task.started.store(start_state::ended, std::memory_order_release);
}

revocation revoke(record& task) noexcept {
  std::uint64_t state = task.state.fetch_or(bits::cancel_requested, std::memory_order_seq_cst);
  base::heavy_fence();
  for (;;) {
    if ((state & bits::done) != 0)
      return detail::has_no_body(task.result_kind) ? revocation::by_another : revocation::lost;
    if ((state & bits::revoked) != 0) return revocation::by_another;
    const start_state started = task.started.load(std::memory_order_acquire);
    if (started == start_state::away || started == start_state::ended) return revocation::elsewhere;
    if (started == start_state::started) {
      // Perhaps by whoever took a revoked entry out of its queue, or will find that another call has revoked it.
      state = task.state.fetch_or(bits::claimed, std::memory_order_acq_rel);
      const bool is_over = (state & (bits::done | bits::revoked)) != 0;
      if (!is_over) return revocation::lost;
      continue;
    }
    // If it is claimed, `started` will tell by whom; or it has come back since, and is free again.
    if ((state & bits::claimed) == 0 &&
        task.state.compare_exchange_strong(state, state | bits::claimed | bits::revoked, std::memory_order_acq_rel,
                                           std::memory_order_acquire))
      return revocation::won;
    state = task.state.load(std::memory_order_acquire);
  }
}

}  // namespace torc::sched
