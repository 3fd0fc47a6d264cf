// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors
#include <functional>
#include <utility>
#include <vector>

#include "core/runtime/progress.hpp"
#include "core/sched/wait/waiters.hpp"

/// Tasks that begun ones wait for, and that may be about to leave: see protocol/awaiting.cpp.
namespace torc::runtime {

using detail::record;

namespace {

/// Forgets an executor whose tasks are over, before another one can have its place in memory.
struct end_of_scope final : detail::waiter {
  explicit end_of_scope(std::function<void(const record&)> f) : forget(std::move(f)) { is_removable = false; }
  void fire(record& done) noexcept override {
    const auto call = std::move(forget);
    delete this;
    call(done);
  }
  std::function<void(const record&)> forget;
};

}  // namespace

void progress::awaited(std::vector<sched::leaving_task> tasks) {
  for (const sched::leaving_task& one : tasks) {
    if (one.is_scope) await_tasks_of(*one.task);
  }
  std::erase_if(tasks, [](const sched::leaving_task& one) { return one.is_scope; });
  if (tasks.empty() || !may_wait_for_room()) return;
  post([this, waited_for = std::move(tasks)] {
    send_queued();  // they may be in the queue
    for (const sched::leaving_task& one : waited_for)
      m_node.awaited(protocol::task_ref{reinterpret_cast<std::uintptr_t>(one.task)}, one.has_departed);
  });
}

/// Those that are there, and those that are still to come.
void progress::await_tasks_of(record& scope) {
  post([this, parent = &scope] {
    if (!m_awaited_scopes.insert(parent).second) return;
    send_queued();
    m_node.awaited([parent](protocol::task_ref ref) { return reinterpret_cast<record*>(ref)->parent == parent; });
  });
  auto* const end = new end_of_scope(
      [this](const record& over) { post([this, parent = &over] { m_awaited_scopes.erase(parent); }); });
  if (!sched::add_waiter(scope, *end)) end->fire(scope);
}

/// Whether anything waits for room, or is about to. Who submitted a task has queued it before anybody could wait for
/// it: so it is still queued, or the holder of the role had set m_may_wait before it took it, and this sees that.
bool progress::may_wait_for_room() const noexcept {
  if (m_records.has_items()) return true;
  std::atomic_thread_fence(std::memory_order_acquire);  // with the exchange by which the queue became empty
  return m_may_wait.load(std::memory_order_relaxed);
}

}  // namespace torc::runtime
