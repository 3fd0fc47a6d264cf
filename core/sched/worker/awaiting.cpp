// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors
#include "core/sched/worker/awaiting.hpp"

#include <utility>
#include <vector>

#include "core/sched/peers/peers.hpp"
#include "core/sched/scheduler.hpp"
#include "core/sched/worker/calling_task.hpp"
#include "core/sched/worker/worker.hpp"

namespace torc::sched {
namespace {

using detail::record;
using detail::start_state;
namespace flags = detail::record_flags;

/// Whether it may be about to leave, or hold tasks that may, as one that is below no begun task.
bool may_be_kept_out(const record& task) noexcept {
  if ((task.state.load(std::memory_order_acquire) & detail::state_bits::done) != 0) return false;
  if ((task.flags & flags::scope) != 0) return (task.flags & flags::primary) != 0;
  if ((task.flags & flags::of_primary) == 0 || (task.flags & (flags::home_bound | flags::limited)) != 0) return false;
  const start_state at = task.started.load(std::memory_order_relaxed);
  return at == start_state::queued || at == start_state::away;
}

}  // namespace

bool is_in_begun_task() noexcept {
  const record* const self = calling_task();
  return self != nullptr && (self->flags & flags::primary) == 0;
}

void tell_awaited(std::span<record* const> tasks) {
  const worker* const here = worker::current();
  if (here == nullptr || !is_in_begun_task()) return;
  peers* const peers = here->scheduler().peers();
  if (peers == nullptr) return;
  std::vector<leaving_task> told;
  here->scheduler().continuations().for_each_source(tasks, [&](record& task) {
    if (!may_be_kept_out(task)) return;
    told.push_back({.task = &task,
                    .is_scope = (task.flags & flags::scope) != 0,
                    .has_departed = task.started.load(std::memory_order_relaxed) == start_state::away});
  });
  if (!told.empty()) peers->awaited(std::move(told));
}

}  // namespace torc::sched
