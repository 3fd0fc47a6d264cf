// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors
#include "core/sched/worker/completion.hpp"

#include <new>
#include <utility>

#include "core/sched/peers/guest.hpp"
#include "core/sched/peers/peers.hpp"
#include "core/sched/queue/queue_link.hpp"
#include "core/sched/scheduler.hpp"
#include "core/sched/wait/waiters.hpp"
#include "core/sched/worker/calling_task.hpp"
#include "core/sched/worker/late_result.hpp"
#include "core/sched/worker/scopes.hpp"
#include "core/sched/worker/worker.hpp"
#include "core/task/extras.hpp"
#include "core/task/heap.hpp"

namespace torc::sched {
namespace {

using detail::record;
namespace bits = detail::state_bits;
namespace flags = detail::record_flags;

/// Records that are to be destroyed after the one that this thread is destroying, linked by `parent`; null if it is
/// destroying none.
constinit thread_local record** t_chain = nullptr;

void destroy_now(record& task) noexcept {
  const std::uint8_t size_class = task.size_class;
  drop_result(task);
  delete task.extras;
  detail::destroy_members(task);
  if (size_class != 0) {
    task::heap::free(&task);
  } else {
    ::operator delete (static_cast<void*>(&task), std::align_val_t{detail::block_granularity_bytes});
  }
}

/// What a record holds may hold others, to any depth: they wait in a chain, because the stack would not do.
[[gnu::noinline]] void destroy_slowly(record& task) noexcept {
  if (t_chain != nullptr) {
    task.parent = std::exchange(*t_chain, &task);
    return;
  }
  record* chain = nullptr;
  t_chain = &chain;
  destroy_now(task);
  while (chain != nullptr) destroy_now(*std::exchange(chain, chain->parent));
  t_chain = nullptr;
}

void destroy(record& task) noexcept {
  if (task.extras == nullptr && task.type->destroy == nullptr && task.size_class != 0 &&
      task.result_kind.load(std::memory_order_relaxed) != detail::outcome::kept) [[likely]] {
    task::heap::free(&task);
  } else {
    destroy_slowly(task);
  }
}

/// That of a task whose parent still counts it: its members' destructors may not wait, for it might be for this one.
void destroy_uncompleted(record& task) noexcept {
  const waiting_ban ban(
      "a task that completes may not wait: the destructor of its function or of an argument was about to");
  destroy(task);
}

/// True if this was what the parent, which is waiting or has ended its body, still missed.
bool child_completed(record& parent) noexcept {
  const worker* const here = worker::current();
  if (parent.owner == here && here != nullptr && !parent.is_joining) {
    --parent.outstanding;
    return false;
  }
  return parent.remote.fetch_sub(1, std::memory_order_acq_rel) == 1;
}

/// True for a guest, which completes at its home.
bool end_specially(record& task) noexcept {
  // That of another node was run there, and only its result has come here. A cancelled one had no owner.
  if ((task.flags & flags::spmd_body) != 0 &&
      task.started.load(std::memory_order_relaxed) == detail::start_state::started)
    (!detail::has_no_body(task.result_kind) ? task.owner : worker::current())->scheduler().spmd_is_over();
  if ((task.flags & flags::guest) == 0) return false;
  if (!detail::has_no_body(task.result_kind)) link_out(task);  // the link was its owner
  guest_of(task).peers->guest_is_over(task);
  return true;
}

/// Of records without a body to run.
constexpr detail::task_type bodyless(const char* (*name)(const record&) noexcept) {
  return {[](record&) {}, nullptr, [](const record&) noexcept -> const void* { return nullptr; }, name, nullptr};
}
constexpr detail::task_type scope_type = bodyless([](const record&) noexcept { return "F = executor;"; });
constexpr detail::task_type primary_type = bodyless([](const record&) noexcept { return "F = main;"; });

record& make_bodyless(const detail::task_type& type, std::uint16_t more_flags, std::uint64_t session) {
  constexpr std::uint8_t size_class = detail::size_class_of(sizeof(record));
  auto* const made = ::new (task::heap::mine().allocate(size_class)) record(type, size_class, more_flags);
  made->owner = nullptr;
  made->session = static_cast<std::uint16_t>(session);
  made->started.store(detail::start_state::started, std::memory_order_relaxed);
  made->result_kind = detail::outcome::value;
  return *made;
}

/// Gives up one reference; true if it was the last one.
bool gives_up_last(record& task) noexcept {
  // The last holder needs no atomic subtraction: nobody is left to see it.
  return task.state.load(std::memory_order_acquire) / bits::reference == 1 ||
         task.state.fetch_sub(bits::reference, std::memory_order_acq_rel) / bits::reference == 1;
}

}  // namespace

void publish(record& task) noexcept {
  std::uint64_t state = task.state.load(std::memory_order_acquire);
  if (state == bits::reference) {
    destroy_uncompleted(task);  // nobody else can reach it any more
    return;
  }
  while ((state & (bits::has_waiters | bits::done)) == 0) {
    if (task.state.compare_exchange_weak(state, (state | bits::done) - bits::reference, std::memory_order_acq_rel,
                                         std::memory_order_acquire)) {
      if (state / bits::reference == 1) destroy_uncompleted(task);
      return;
    }
  }
  fulfil(task);  // nothing to do for a task that its timeout has ended
  if (gives_up_last(task)) destroy_uncompleted(task);
}

void release_reference(record& task) noexcept {
  if (gives_up_last(task)) destroy(task);
}

record** exchange_destruction(record** other) noexcept { return std::exchange(t_chain, other); }

void fulfil(record& task) noexcept {
  const std::uint64_t before = task.state.fetch_or(bits::done, std::memory_order_acq_rel);
  if ((before & bits::done) == 0 && (before & bits::has_waiters) != 0) fire_waiters(task);
}

/// Null if nobody counts it.
record* counting_parent(const record& task) noexcept {
  if ((task.flags & flags::detached) == 0) return task.parent;
  if ((task.flags & flags::scope) == 0) return nullptr;
  return (task.state.load(std::memory_order_acquire) & counted_scope) != 0 ? task.parent : nullptr;
}

void complete(record& task) noexcept {
  record* completed = &task;
  for (;;) {
    if ((completed->flags & (flags::guest | flags::spmd_body)) != 0) [[unlikely]] {
      if (end_specially(*completed)) return;
    }
    record* const parent = counting_parent(*completed);
    publish(*completed);
    if (parent == nullptr || !child_completed(*parent)) return;
    if (fiber::fiber* const waiting = parent->waiting_fiber; waiting != nullptr) {
      parent->owner->make_ready(*waiting);
      return;
    }
    completed = parent;
  }
}

void finish_body(record& task) noexcept {
  if (task.has_scopes) task.owner->scheduler().scopes().close_below(task);
  if (task.outstanding != record::not_joining - task.remote.load(std::memory_order_acquire)) {
    if ((task.flags & flags::guest) != 0) guest_of(task).peers->guest_begins(task);  // its children are left
    const std::int64_t children = task.outstanding - record::not_joining;
    task.is_joining = true;
    task.waiting_fiber = nullptr;
    if (task.remote.fetch_add(children, std::memory_order_acq_rel) + children != 0) return;
  }
  complete(task);
}

record& make_scope(std::uint16_t more_flags, std::uint64_t path, std::uint64_t session) {
  record& scope = make_bodyless(scope_type, flags::scope | more_flags, session);
  scope.path = path;
  scope.remote.store(1, std::memory_order_relaxed);  // itself, until it is closed
  return scope;
}

record& make_primary(std::uint64_t session) {
  return make_bodyless(primary_type, flags::primary | flags::detached, session);
}

void close_scope(record& scope) noexcept {
  if (scope.remote.fetch_sub(1, std::memory_order_acq_rel) == 1) complete(scope);
}

}  // namespace torc::sched
