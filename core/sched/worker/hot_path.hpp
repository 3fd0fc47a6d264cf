// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors
#pragma once

#include <torc/detail/path.hpp>
#include <torc/detail/record.hpp>

#include "core/sched/queue/claims.hpp"
#include "core/sched/scheduler.hpp"
#include "core/sched/wait/gangs.hpp"
#include "core/sched/worker/completion.hpp"
#include "core/sched/worker/worker.hpp"

/// The ordinary way of a nested task: submitted without options by a task that a worker runs, run and completed by that
/// worker. All of it is inlined into few functions, because at tens of nanoseconds a task each call counts. Whatever is
/// not ordinary goes the general way: scheduler::spawn, worker::execute_with_options, finish_body, complete. What
/// the compiler would inline or not by all else in the translation unit is marked.
namespace torc::sched {

inline bool worker::keeps_children_of(const detail::record& parent) const noexcept {
  constexpr std::uint16_t special_parents = detail::record_flags::primary | detail::record_flags::spmd_body |
                                            detail::record_flags::device | detail::record_flags::prioritised |
                                            detail::record_flags::limited;
  // The owner may be another one: see in_name_of.
  return task() == &parent && parent.owner == this && m_takes_ordinary && m_codecs == 0 &&
         (parent.flags & special_parents) == 0 && m_scheduler.keeps_nested();
}

inline void worker::spawn_nested(detail::record& task, detail::record& parent) {
  using namespace detail::record_flags;
  task.parent = &parent;
  task.path = detail::mix_path(parent.path, parent.spawned);
  task.session = parent.session;
  task.flags = static_cast<decltype(task.flags)>(task.flags | (parent.flags & inherited));
  const bool may_leave = (task.flags & m_bound_flag) == 0;
  (may_leave ? m_movable : m_home_bound).push(&task);
  // Only this thread reads these before the parent joins, so a thief may complete the task first.
  ++parent.spawned;
  ++parent.outstanding;
  m_counters.created.add();
  m_work_event.notify(may_leave);
}

/// What runs below it on this stack; null if nothing does.
inline detail::record* worker::begin_body(detail::record& task) noexcept {
  detail::record* const outer = this->task();
  m_task.store(&task, std::memory_order_release);
  task.owner = this;
  m_counters.begun.add();
  return outer;
}

/// See running_bodies: whoever reads what the task is called goes first.
inline void worker::end_body(detail::record* outer) noexcept {
  m_task.store(outer, std::memory_order_release);
  m_scheduler.running().let_read();
}

[[gnu::always_inline]] inline void worker::run_body(detail::record& task) {
  detail::record* const outer = begin_body(task);
  try {
    task.type->run(task);
    task.result_kind.store(detail::outcome::value, std::memory_order_relaxed);
  } catch (...) {
    fail_body(task);
  }
  m_counters.executed.add();
  end_body(outer);
}

/// finish_body for a task without children left whose parent waits on this worker, or still runs there.
[[gnu::always_inline]] inline void worker::finish_ordinary(detail::record& task) noexcept {
  using detail::record;
  const bool has_children = task.outstanding != record::not_joining - task.remote.load(std::memory_order_acquire);
  record& parent = *task.parent;  // what has none is not ordinary
  if (has_children || parent.owner != this || parent.is_joining || task.has_scopes ||
      (task.flags & detail::record_flags::detached) != 0) [[unlikely]] {
    finish_body(task);
    return;
  }
  publish(task);
  --parent.outstanding;
}

[[gnu::always_inline]] inline void worker::execute(detail::record& task) {
  constexpr std::uint16_t extraordinary =
      detail::record_flags::has_options | detail::record_flags::guest | detail::record_flags::spmd_body;
  if ((task.flags & extraordinary) != 0 || m_is_timed || m_scheduler.is_abandoned()) [[unlikely]] {
    execute_with_options(task);
    return;
  }
  if (!claim_for_body(task)) [[unlikely]] {
    m_scheduler.running().let_read();
    release_reference(task);  // cancelled: it was only an entry in a queue
    return;
  }
  run_body(task);
  finish_ordinary(task);
}

inline bool worker::is_called_away() noexcept {
  if (m_mailbox.urgent().is_raised() && has_urgent_work()) [[unlikely]] {
    return true;
  }
  return m_scheduler.shared().greatest(rank::below) > m_nested_priority || m_scheduler.gangs().is_wanted();
}

inline bool worker::must_give_way() noexcept {
  return is_called_away() || m_running->room_bytes() < m_scheduler.config().stack_bytes;
}

template <class IsOver, class IsWanted>
void worker::run_children(IsOver is_over, IsWanted is_wanted) {
  // Only a body that is suspended lends its helpers or its slot out.
  if ((task()->flags & detail::record_flags::has_options) != 0 && (leads_gang() || held_lease() != nullptr)) return;
  while (!is_over() && !must_give_way()) {
    detail::record* child = nullptr;
    for (auto* queue : {&m_home_bound, &m_movable}) {
      child = queue->pop();
      if (child == nullptr) continue;
      if (is_wanted(*child)) break;
      queue->push(child);
      m_work_event.notify();  // a thief may have looked meanwhile and gone to sleep
      child = nullptr;
    }
    if (child == nullptr) return;
    execute(*child);
  }
}

}  // namespace torc::sched
