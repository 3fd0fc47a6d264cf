// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors
#include "core/sched/worker/scopes.hpp"

#include <torc/detail/path.hpp>
#include <torc/error.hpp>

#include <atomic>

#include "core/sched/queue/turn.hpp"
#include "core/sched/scheduler.hpp"
#include "core/sched/worker/completion.hpp"

namespace torc::sched {
namespace {

using detail::record;
namespace bits = detail::state_bits;
namespace flags = detail::record_flags;

bool is_closed(const record& scope) noexcept {
  return (scope.state.load(std::memory_order_acquire) & bits::claimed) != 0;
}

[[noreturn]] void throw_closed() {
  throw error("executor: it has been shut down, or the task that made it has ended, and it takes no more tasks");
}

}  // namespace

/// Below the parent, whose flags it has as its tasks would.
record& scopes::add(record& parent, std::uint64_t path) {
  const auto inherited =
      static_cast<std::uint16_t>(flags::detached | (parent.flags & (flags::primary | flags::inherited)) |
                                 ((parent.flags & flags::device) != 0 ? flags::in_device : 0) |
                                 ((parent.flags & flags::limited) != 0 ? flags::in_limit : 0));
  record& scope = make_scope(inherited, path, m_scheduler.config().session);
  scope.parent = &parent;
  if ((parent.flags & flags::prioritised) != 0) set_priority(scope, priority_of(parent));
  m_open.emplace(&parent, &scope);
  return scope;
}

record& scopes::open(record& parent) {
  const std::uint64_t path = scheduler::next_child_path(parent);
  const bool has_body = (parent.flags & flags::scope) == 0;
  if (has_body) parent.has_scopes = true;
  const std::scoped_lock lock(m_mutex);
  if (!has_body && is_closed(parent)) throw_is_ending("executor");
  return add(parent, path);
}

record& scopes::open_beside(const record& scope) {
  const std::scoped_lock lock(m_mutex);
  check_open(scope);
  return add(*scope.parent, detail::mix_callback_path(scope.path, 0));
}

/// Nobody is added to it from now on but below its tasks. Under the lock, because the parent may not end before it
/// counts the scope.
void scopes::mark_closed(record& scope, bool is_of_parent) {
  scope.state.fetch_or(bits::claimed, std::memory_order_acq_rel);
  if (!is_of_parent) return;
  scope.state.fetch_or(counted_scope, std::memory_order_acq_rel);
  m_scheduler.count_child(*scope.parent);
}

void scopes::close(record& scope, bool is_of_parent) {
  {
    const std::scoped_lock lock(m_mutex);
    if (is_closed(scope)) return;
    m_open.erase({scope.parent, &scope});
    // A parent without a body goes on while the caller waits, and may be about to complete.
    mark_closed(scope, is_of_parent || (scope.parent->flags & flags::scope) != 0);
  }
  close_scope(scope);
}

void scopes::close_below(record& parent) {
  if ((parent.flags & flags::scope) != 0) {
    const std::scoped_lock lock(m_mutex);
    mark_closed(parent, false);  // another thread may be about to open one
  }
  for (;;) {
    record* scope = nullptr;
    {
      const std::scoped_lock lock(m_mutex);
      const auto first = m_open.lower_bound({&parent, nullptr});
      if (first == m_open.end() || first->first != &parent) return;
      scope = first->second;
      m_open.erase(first);
      mark_closed(*scope, true);
    }
    close_scope(*scope);
  }
}

void scopes::check_open(const record& scope) {
  if (is_closed(scope)) throw_closed();
}

void scopes::hold(record& scope) {
  std::int64_t held = scope.remote.load(std::memory_order_relaxed);
  do {
    if (held == 0) throw_closed();
  } while (!scope.remote.compare_exchange_weak(held, held + 1, std::memory_order_relaxed));
}

}  // namespace torc::sched
