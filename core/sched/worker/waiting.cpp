// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors
#include "core/sched/worker/waiting.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <mutex>
#include <torc/error.hpp>
#include <unordered_set>

#include "core/sched/scheduler.hpp"
#include "core/sched/worker/awaiting.hpp"
#include "core/sched/worker/calling_task.hpp"
#include "core/sched/worker/completion.hpp"
#include "core/sched/worker/hot_path.hpp"
#include "core/sched/worker/worker.hpp"
#include "core/task/extras.hpp"

namespace torc::sched {
namespace {

using detail::outcome;
using detail::record;
namespace bits = detail::state_bits;
namespace flags = detail::record_flags;

/// By a call that waits with no time left: where nobody else runs what it polls for, it would poll for ever.
void let_others_run() {
  worker* const here = worker::current();
  if (here == nullptr || here->task() == nullptr) return;
  check_may_wait();
  here->poll();
}

bool is_done(const record& task) noexcept { return (task.state.load(std::memory_order_acquire) & bits::done) != 0; }

bool has_failed(const record& task) noexcept {
  const outcome kind = task.result_kind.load(std::memory_order_acquire);
  return kind == outcome::failed || detail::has_no_body(kind) || kind == outcome::unreadable;
}

/// A task completes after its children, so waiting for an ancestor would never end.
void check_no_ancestor(const record& awaited) {
  const record* const self = calling_task();
  if (self == nullptr || awaited.parent == self) return;
  for (const record* ancestor = self; ancestor != nullptr; ancestor = ancestor->parent) {
    if (ancestor != &awaited) continue;
    const std::string name = task::name_of(awaited);
    if (ancestor == self) throw error(fmt::format("task '{}' waits for itself: it would never go on", name));
    throw error(fmt::format("task '{}' waits for its ancestor '{}', which cannot complete before it",
                            task::name_of(*self), name));
  }
}

/// A call for the first of so many futures takes long enough to be worth collecting for: see list_wait.
constexpr std::size_t least_to_collect = 256;

/// The waits of one call for several futures.
///
/// A call for the first one of a long list may take longer than the tasks do, and a loop of such calls would be
/// quadratic. So the call collects what completes until it has taken twice as long: then the loop takes about as long
/// as its tasks, or as one call for each halving of the list.
struct list_wait {
  struct entry final : detail::waiter {
    void fire(record& done) noexcept override { wait->one_is_done(done); }
    list_wait* wait = nullptr;
  };

  list_wait(std::span<record* const> tasks, return_when until)
      : when(until), left(tasks.size()), woken(wait_cause::for_futures(tasks)), entries(tasks.size()) {
    if (when != first_completed || tasks.size() < least_to_collect) return;
    collecting.emplace(wait_cause::for_futures(tasks));
    is_collecting.store(true, std::memory_order_relaxed);
  }

  // Either this sees that nothing is collected any more, or the waiting task that one is done: both are seq_cst.
  void one_is_done(const record& done) noexcept {
    const bool is_last = left.fetch_sub(1, std::memory_order_seq_cst) == 1;
    const bool is_enough = is_last || (when == first_exception && has_failed(done)) ||
                           (when == first_completed && !is_collecting.load(std::memory_order_seq_cst));
    if (!is_enough) return;
    if (collecting) collecting->notify();
    woken.notify();
  }

  bool has_some() const noexcept { return left.load(std::memory_order_seq_cst) < entries.size(); }

  void wait(base::time_point began, const wait_deadline& deadline) noexcept {
    if (collecting) {
      if (has_some()) return;
      const base::time_point now = base::now();
      const base::time_point until = now + (now - began);
      collecting->wait_until(deadline ? std::min(until, *deadline) : until);
      is_collecting.store(false, std::memory_order_seq_cst);
      if (has_some()) return;
    }
    woken.wait_until(deadline);
  }

  const return_when when;
  std::atomic<std::size_t> left;
  baton woken;
  std::optional<baton> collecting;
  std::atomic<bool> is_collecting{false};
  std::vector<entry> entries;
};

bool is_satisfied(std::span<record* const> tasks, return_when when) noexcept {
  if (tasks.empty()) return true;
  const auto done = [](const record* r) { return is_done(*r); };
  const auto failed = [](const record* r) { return is_done(*r) && has_failed(*r); };
  switch (when) {
    case return_when::all_completed:
      return std::all_of(tasks.begin(), tasks.end(), done);
    case return_when::first_completed:
      return std::any_of(tasks.begin(), tasks.end(), done);
    case return_when::first_exception:
      return std::any_of(tasks.begin(), tasks.end(), failed) || std::all_of(tasks.begin(), tasks.end(), done);
  }
  return true;
}

/// Runs what is waited for on the caller's own stack, as far as that is its own children.
void run_wanted_children(std::span<record* const> tasks) {
  worker* const here = worker::current();
  const record* const self = calling_task();
  if (self == nullptr || !here->runs_tasks()) return;
  if (tasks.size() == 1) {
    const record* const only = tasks.front();
    here->run_children([&] { return is_done(*only); },
                       [&](const record& child) {
                         return (&child == only || child.parent == only) && (child.flags & flags::never_inline) == 0;
                       });
    return;
  }
  std::vector<const record*> sorted(tasks.begin(), tasks.end());
  std::sort(sorted.begin(), sorted.end());
  here->run_children([] { return false; },
                     [&](const record& child) {
                       return (child.flags & flags::never_inline) == 0 &&
                              std::binary_search(sorted.begin(), sorted.end(), &child);
                     });
}

}  // namespace

void worker::join_children(record& task) {
  const auto is_over = [&] {
    return task.outstanding == record::not_joining - task.remote.load(std::memory_order_acquire);
  };
  run_children(is_over,
               [&](const record& child) { return child.parent == &task && (child.flags & flags::never_inline) == 0; });
  if (is_over()) return;
  fiber::fiber& spare = spare_fiber();
  const std::int64_t children = task.outstanding - record::not_joining;
  task.is_joining = true;
  task.waiting_fiber = m_running;
  if (task.remote.fetch_add(children, std::memory_order_acq_rel) + children != 0) {
    const wait_cause cause{wait_kind::children};
    suspend(spare, cause);
  } else {
    put_back(spare);
  }
  task.is_joining = false;
  task.outstanding = 0;
  task.remote.store(record::not_joining, std::memory_order_relaxed);
}

bool wait_done(record& task, const wait_deadline& deadline) {
  record* const only = &task;
  if (is_done(task)) return true;
  wait_list({&only, 1}, deadline, all_completed);
  return is_done(task);
}

void check_can_wait_for(record& task) {
  if (is_done(task)) return;
  check_no_ancestor(task);
  const baton can_wait;  // and the stack that it takes stays with this worker
}

void wait_list(std::span<record* const> tasks, const wait_deadline& deadline, return_when when) {
  const bool is_long = tasks.size() >= least_to_collect;
  const base::time_point began = is_long ? base::now() : base::time_point{};
  if (is_satisfied(tasks, when)) return;
  if (deadline && *deadline <= base::now()) {
    let_others_run();
    return;
  }
  check_may_wait();
  for (const record* task : tasks) check_no_ancestor(*task);
  if (when == all_completed && !deadline) {
    run_wanted_children(tasks);
    if (is_satisfied(tasks, when)) return;
  }
  tell_awaited(tasks);
  list_wait wait(tasks, when);
  for (std::size_t i = 0; i < tasks.size(); ++i) {
    wait.entries[i].wait = &wait;
    if (!add_waiter(*tasks[i], wait.entries[i])) wait.one_is_done(*tasks[i]);
  }
  wait.wait(began, deadline);
  // Backwards, as they stand in the list of a future that is listed often.
  for (std::size_t i = tasks.size(); i-- > 0;) remove_waiter(*tasks[i], wait.entries[i]);
}

completion_queue::completion_queue(std::span<record* const> tasks) {
  tell_awaited(tasks);
  // A future that is listed twice completes once.
  std::unordered_set<const record*> listed;
  listed.reserve(tasks.size());
  m_entries.reserve(tasks.size());
  for (std::size_t i = 0; i < tasks.size(); ++i) {
    if (!listed.insert(tasks[i]).second) continue;
    entry& added = m_entries.emplace_back();
    added.queue = this;
    added.task = tasks[i];
    added.index = i;
  }
  m_left = m_entries.size();
  m_done.reserve(m_left);
  for (entry& e : m_entries) {
    e.task->state.fetch_add(bits::reference, std::memory_order_relaxed);
    if (!add_waiter(*e.task, e)) arrived(e.index);
  }
}

completion_queue::~completion_queue() {
  for (auto& e : m_entries) {
    remove_waiter(*e.task, e);
    release_reference(*e.task);
  }
}

void completion_queue::arrived(std::size_t index) noexcept {
  const std::scoped_lock lock(m_lock);
  m_done.push_back(index);
  if (m_consumer != nullptr) m_consumer->notify();
}

std::optional<std::size_t> completion_queue::next(const wait_deadline& deadline) {
  const auto try_take = [this]() -> std::optional<std::size_t> {
    if (m_taken == m_done.size()) return std::nullopt;
    --m_left;
    return m_done[m_taken++];
  };
  const auto take = [&] {
    const std::scoped_lock lock(m_lock);
    return try_take();
  };
  if (const auto index = take()) return index;
  if (deadline && *deadline <= base::now()) {
    let_others_run();
    return take();
  }
  baton arrival({wait_kind::futures, reinterpret_cast<const std::byte*>(&m_entries.front().task), m_entries.size(),
                 sizeof(entry)});
  {
    const std::scoped_lock lock(m_lock);
    if (const auto index = try_take()) return index;
    m_consumer = &arrival;
  }
  arrival.wait_until(deadline);
  const std::scoped_lock lock(m_lock);
  m_consumer = nullptr;
  return try_take();
}

}  // namespace torc::sched
