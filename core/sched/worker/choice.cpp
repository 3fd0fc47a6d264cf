// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors
#include <algorithm>
#include <optional>

#include "core/base/clock.hpp"
#include "core/sched/peers/peers.hpp"
#include "core/sched/scheduler.hpp"
#include "core/sched/worker/devices.hpp"
#include "core/sched/worker/hot_path.hpp"
#include "core/sched/worker/worker.hpp"

/// What a worker does next.
namespace torc::sched {
namespace {

/// Workers that one search asks for work; only before it sleeps a worker looks at all.
constexpr int max_victims = 32;
/// Of suspended bodies: with more the worker waits so long before it begins something that is below nothing.
constexpr int much_open = 16;
constexpr std::uint64_t longest_wait_ns = 20'000;

}  // namespace

bool worker::push_nested(detail::record& task, bool may_leave) {
  const double priority = priority_of(task);
  if (priority != m_nested_priority) {
    if (has_stealable()) return false;
    m_nested_priority = priority;
    m_takes_ordinary = priority == no_priority;
  }
  (may_leave ? m_movable : m_home_bound).push(&task);
  return true;
}

detail::record* worker::steal() noexcept {
  detail::record* const task = m_movable.steal();
  return task != nullptr ? task : m_home_bound.steal();
}

detail::record* worker::take_from_outside() noexcept {
  detail::record* const task = m_pinned.pop();
  return task != nullptr ? task : steal();
}

bool worker::run_something() {
  if (m_local_id == 0) {
    if (detail::record* const body = m_scheduler.spmds().take(); body != nullptr) {
      found_work();
      execute(*body);
      return true;
    }
  }
  if (fiber::fiber* const ready = m_mailbox.ready().pop(); ready != nullptr) {
    found_work();
    // What this thread leaves now that its task goes on, a worker takes.
    if (m_duty == duty::primary_only && m_scheduler.callbacks().has_items()) m_scheduler.work_event().notify(false);
    resume(*ready);
    return true;
  }
  if (m_driver != nullptr) return drive();
  if (!runs_tasks()) return run_callback();
  if (m_scheduler.gangs().is_wanted() && !m_scheduler.is_stopping() && stand_by()) return true;
  if (detail::record* const task = next_below(); task != nullptr) {
    found_work();
    execute(*task);
    return true;
  }
  if (slot_queue* const queue = m_scheduler.devices().queue_with_turn(*this);
      queue != nullptr && run_device_tasks(*queue))
    return true;
  stolen_task taken = steal_from_others();
  // What others have open comes before anything new; but where they are faster without this worker, it begins its own.
  if (taken.task == nullptr && m_nested_throttle.is_pausing() && !m_nested_throttle.is_settled()) return false;
  if (taken.task == nullptr) taken.task = m_scheduler.devices().take_for_host(rank::below);
  if (taken.task == nullptr && waits_for_others()) return false;
  if (taken.task == nullptr) taken = next_rest();
  if (taken.task == nullptr) taken.task = m_scheduler.devices().take_for_host(rank::rest);
  if (taken.task == nullptr) return false;
  found_work();
  execute(taken);
  return true;
}

/// By the primary task's own thread while that waits.
bool worker::run_callback() {
  detail::record* const task = m_scheduler.callbacks().pop();
  if (task == nullptr) return false;
  found_work();
  execute(*task);
  return true;
}

void worker::execute(const stolen_task& taken) {
  if (taken.towards == nullptr) {
    execute(*taken.task);
    return;
  }
  const std::uint64_t begin_ns = base::now_ns();
  execute(*taken.task);
  // What brought further tasks along was worth taking, however soon it ended.
  if (!has_stealable()) taken.towards->has_run(*taken.from, begin_ns, base::now_ns());
}

detail::record* worker::pop_nested() noexcept {
  if (detail::record* const task = m_home_bound.pop(); task != nullptr) return task;
  return m_movable.pop();
}

/// Through what is not inlined elsewhere either: another caller of the deques' own functions costs the hot path theirs.
void worker::take_revoked_nested(revoked_tasks& into) {
  while (detail::record* const newest = pop_nested()) {
    if (!is_revoked(*newest)) {
      push_nested(*newest, (newest->flags & m_bound_flag) == 0);
      m_work_event.notify();  // a thief may have looked meanwhile and gone to sleep
      return;
    }
    into.push(*newest);
  }
}

detail::record* worker::take_leftover() noexcept {
  if (detail::record* const task = m_pinned.pop(); task != nullptr) return task;
  return pop_nested();
}

/// A callback of the primary task, or the next one that is below a begun task, except in the deques of others: of equal
/// priority first what nobody else may run, then its own nested ones, newest first.
detail::record* worker::next_below() noexcept {
  if (detail::record* const callback = m_scheduler.callbacks().pop(); callback != nullptr) return callback;
  task_queue& shared = m_scheduler.shared();
  for (;;) {
    const bool has_pinned = m_pinned.has_items(rank::below);
    const bool has_shared = shared.has_items(rank::below);
    if (!has_pinned && !has_shared) [[likely]] {
      return pop_nested();
    }
    const bool has_own = has_stealable();
    const double pinned = m_pinned.greatest(rank::below);
    const double of_node = shared.greatest(rank::below);
    detail::record* task = nullptr;
    if (has_pinned && (!has_shared || pinned >= of_node) && (!has_own || pinned >= m_nested_priority)) {
      task = m_pinned.pop(rank::below);
    } else if (has_shared && (!has_own || of_node > m_nested_priority)) {
      task = shared.pop(rank::below);
    } else {
      task = pop_nested();
    }
    if (task != nullptr) return task;
  }
}

bool worker::has_below() const noexcept {
  return m_mailbox.ready().has_items() || m_scheduler.callbacks().has_items() || m_pinned.has_items(rank::below) ||
         m_scheduler.shared().has_items(rank::below);
}

/// Whether something new, if begun now, would be begun too early. What is open here waits for other nodes: their
/// messages are read first, since they may bring what goes on with it. With much open the worker even waits a moment
/// for them, and leaves its core to them; but only a moment, because what it has not begun may be what the others wait
/// for.
bool worker::waits_for_others() noexcept {
  peers* const peers = m_scheduler.peers();
  if (peers == nullptr || m_num_open == 0) return false;
  if (!m_scheduler.shared().has_items(rank::rest) && !m_pinned.has_items(rank::rest)) return false;
  peers->poll();
  if (has_below()) return true;
  if (m_num_open < much_open) return false;
  const std::uint64_t now = base::now_ns();
  if (m_opens_at_ns == 0) m_opens_at_ns = now + longest_wait_ns;
  if (now < m_opens_at_ns) return true;
  m_opens_at_ns = 0;
  return false;
}

/// The next one that is below nothing: pinned to this worker, or anybody's.
worker::stolen_task worker::next_rest() noexcept {
  task_queue& shared = m_scheduler.shared();
  const bool is_throttled =
      m_primary_throttle.is_pausing() && m_local_id != 0 && !m_primary_throttle.ends(base::now_ns());
  // In this order: a glance at the queue costs whoever fills it a cache miss.
  const bool has_shared = !is_throttled && shared.has_items(rank::rest);
  if (m_pinned.has_items(rank::rest)) {
    const auto pinned = m_pinned.first(rank::rest);
    const auto of_node = has_shared ? shared.first(rank::rest) : std::nullopt;
    if (pinned && (!of_node || *pinned < *of_node)) return {.task = m_pinned.pop(rank::rest)};
  }
  detail::record* const task = has_shared ? shared.pop(rank::rest) : nullptr;
  if (task == nullptr) return {};
  constexpr std::uint16_t origin = detail::record_flags::of_primary | detail::record_flags::guest;
  const bool is_of_worker_0 =
      (task->flags & origin) == detail::record_flags::of_primary && !m_scheduler.config().primary_has_thread;
  if (!is_of_worker_0 || m_local_id == 0) return {.task = task};
  return {task, &m_scheduler.worker_at(0).m_counters, &m_primary_throttle};
}

worker::stolen_task worker::steal_from_others() noexcept {
  const int count = m_scheduler.num_workers();
  if (count == 1 || m_scheduler.is_stopping()) return {};
  if (m_nested_throttle.is_pausing() && !m_nested_throttle.ends(base::now_ns())) return {};
  // Where to begin, so that thieves spread.
  const auto first = static_cast<int>(m_random.below(static_cast<std::uint64_t>(count)));
  for (int i = 0; i < std::min(count, max_victims); ++i) {
    worker& victim = m_scheduler.worker_at((first + i) % count);
    if (&victim == this) continue;
    if (detail::record* const task = victim.steal(); task != nullptr) {
      m_counters.stolen.add();
      return {task, &victim.m_counters, &m_nested_throttle};
    }
  }
  return {};
}

/// Of what is for this worker alone, once its urgent flag is raised.
bool worker::has_urgent_work() noexcept {
  m_mailbox.urgent().lower();
  const bool has_pinned = m_pinned.has_items(rank::below);
  const bool found = m_mailbox.ready().has_items() ||
                     (has_pinned && m_pinned.greatest(rank::below) >= m_nested_priority) ||
                     (m_local_id == 0 && m_scheduler.spmds().is_pending());
  if (found || has_pinned) m_mailbox.urgent().raise();
  return found;
}

bool worker::has_work() const noexcept {
  if (m_mailbox.ready().has_items() || m_scheduler.is_stopping()) return true;
  if (m_local_id == 0 && m_scheduler.spmds().is_pending()) return true;
  if (m_driver != nullptr) return m_driver->queue().has_turn(*this);
  if (!runs_tasks()) return m_scheduler.callbacks().has_items();
  return m_pinned.has_items() || m_scheduler.has_shared_work(*this);
}

}  // namespace torc::sched
