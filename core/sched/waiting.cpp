// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors
#include "core/sched/waiting.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <mutex>
#include <torc/error.hpp>

#include "core/sched/calling_task.hpp"
#include "core/sched/completion.hpp"
#include "core/sched/hot_path.hpp"
#include "core/sched/scheduler.hpp"
#include "core/sched/worker.hpp"
#include "core/task/extras.hpp"

namespace torc::sched {
namespace {

using detail::outcome;
using detail::record;
namespace bits = detail::state_bits;
namespace flags = detail::record_flags;

bool is_done(const record& task) noexcept { return (task.state.load(std::memory_order_acquire) & bits::done) != 0; }

bool has_failed(const record& task) noexcept {
  return task.result_kind == outcome::failed || task.result_kind == outcome::cancelled;
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

/// The waits of one call for several futures.
struct list_wait {
  struct entry final : detail::waiter {
    void fire(record& done) noexcept override { wait->one_is_done(done); }
    list_wait* wait = nullptr;
    record* task = nullptr;
  };

  void one_is_done(const record& done) noexcept {
    if (left.fetch_sub(1, std::memory_order_acq_rel) == 1 || when == first_completed ||
        (when == first_exception && has_failed(done))) {
      woken.notify();
    }
  }

  return_when when;
  std::atomic<std::size_t> left;
  wakeup woken;
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
    suspend(spare);
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

void wait_list(std::span<record* const> tasks, const wait_deadline& deadline, return_when when) {
  if (is_satisfied(tasks, when)) return;
  if (deadline && *deadline <= base::now()) return;
  check_may_wait();
  for (const record* task : tasks) check_no_ancestor(*task);
  if (when == all_completed && !deadline) {
    run_wanted_children(tasks);
    if (is_satisfied(tasks, when)) return;
  }
  list_wait wait{
      .when = when, .left = tasks.size(), .woken = {}, .entries = std::vector<list_wait::entry>(tasks.size())};
  for (std::size_t i = 0; i < tasks.size(); ++i) {
    wait.entries[i].wait = &wait;
    wait.entries[i].task = tasks[i];
    if (!add_waiter(*tasks[i], wait.entries[i])) wait.one_is_done(*tasks[i]);
  }
  wait.woken.wait_until(deadline);
  for (auto& listed : wait.entries) remove_waiter(*listed.task, listed);
}

completion_queue::completion_queue(std::span<record* const> tasks) : m_entries(tasks.size()), m_left(tasks.size()) {
  m_done.reserve(tasks.size());
  for (std::size_t i = 0; i < tasks.size(); ++i) {
    m_entries[i].queue = this;
    m_entries[i].task = tasks[i];
    m_entries[i].index = i;
    tasks[i]->state.fetch_add(bits::reference, std::memory_order_relaxed);
    if (!add_waiter(*tasks[i], m_entries[i])) arrived(i);
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
  {
    const std::scoped_lock lock(m_lock);
    if (const auto index = try_take()) return index;
  }
  wakeup arrival;
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
