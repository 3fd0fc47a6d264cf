// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors
#include "core/sched/state.hpp"

#include <algorithm>
#include <utility>

#include "core/base/clock.hpp"
#include "core/sched/queue/queue_link.hpp"
#include "core/sched/scheduler.hpp"
#include "core/sched/wait/thread_wait.hpp"
#include "core/sched/worker/devices.hpp"
#include "core/sched/worker/worker.hpp"

namespace torc::sched {
namespace {

using detail::record;
namespace bits = detail::state_bits;
namespace flags = detail::record_flags;

// More than anybody reads.
constexpr std::size_t most_suspended = 1000;
constexpr std::size_t most_threads = 100;
constexpr std::size_t most_missing = 4;
/// Futures in the lists of all that wait: threads that end a body wait meanwhile.
constexpr std::size_t most_looked_at = 200'000;

bool is_primary(const record& task) noexcept {
  constexpr auto primary = flags::primary | flags::detached;
  return (task.flags & primary) == primary;
}

held_units held_by(const record& task) {
  const std::int64_t count =
      (task.flags & flags::limited) != 0 ? task.extras->units_held.load(std::memory_order_relaxed) : 0;
  return count > 0 ? held_units{task.extras->options.limit.name, count} : held_units{};
}

/// One look.
class look {
 public:
  look(scheduler& of, std::span<const away_task> away) : m_scheduler(of), m_away(away) {}

  state take() {
    const running_bodies::reading from_here(m_scheduler.running());
    m_scheduler.running().for_each(from_here, [&](const running_bodies::observation& seen) { add(seen); });
    for (const away_task& one : m_away) note(*one.task, place::elsewhere, nullptr, one.holder);
    add_queues();
    sort_known();
    for (auto& [body, at] : m_suspended) describe_wait(*body, m_found.suspended[at]);
    add_threads();
    return std::move(m_found);
  }

 private:
  using place = awaited_task::place;
  /// A task, and where it was found.
  struct known {
    const record* task;
    place where;
    const std::string* thread;
    base::node_id node;
  };
  struct child {
    const record* parent;
    const record* task;
    place where;
  };

  void note(const record& task, place where, const std::string* thread, base::node_id node = base::no_node) {
    m_known.push_back({&task, where, thread, node});
    // What is in a scope counts there, and at the task to which that belongs.
    for (const record* parent = task.parent; parent != nullptr; parent = parent->parent) {
      m_children.push_back({parent, &task, where});
      if ((parent->flags & flags::scope) == 0) break;
    }
  }

  /// A cancelled task may have outlived its parent in the queue.
  void note_queued(const record& task) {
    if (!is_revoked(task)) note(task, place::queued, nullptr);
  }

  void add(const running_bodies::observation& seen) {
    auto& from = const_cast<worker&>(seen.thread);
    from.suspended().for_each([&](const suspended_body& body) {
      if (body.task != nullptr) add(seen, body);
    });
    worker_state& one = m_found.workers.emplace_back();
    one.name = seen.name;
    one.num_nested = from.num_nested();
    from.for_oldest_nested(most_noted, [&](const record& task) {
      if (one.oldest_nested.empty()) one.oldest_nested.push_back(task::naming_of(task));
      note_queued(task);
    });
    m_workers.push_back(&seen.thread);
    if (seen.task != nullptr) {
      one.doing = worker_state::activity::runs;
      one.is_primary = seen.is_primary();
      one.task = task::naming_of(*seen.task);
      if ((seen.task->flags & flags::has_options) != 0) one.cores = std::max(1, seen.task->extras->options.cores);
      one.held = held_by(*seen.task);
      if (const char* const call = seen.thread.library_call(); call != nullptr) one.library_call = call;
      one.since = seen.age;
      note(*seen.task, place::runs, &seen.name);
      return;
    }
    if (from.stands_by()) one.doing = worker_state::activity::stands_by;
    const std::uint64_t idle_since = from.idle_since_ns();
    if (idle_since == 0) return;
    one.doing = from.is_asleep() ? worker_state::activity::sleeps : worker_state::activity::searches;
    const std::uint64_t now = base::now_ns();
    one.since = std::chrono::nanoseconds(now > idle_since ? now - idle_since : 0);
  }

  void add(const running_bodies::observation& seen, const suspended_body& body) {
    ++m_found.num_suspended;
    note(*body.task, place::suspended, &seen.name);
    if (m_suspended.size() >= most_suspended && !is_primary(*body.task)) return;
    m_suspended.emplace_back(&body, m_found.suspended.size());
    m_found.suspended.push_back({.task = task::naming_of(*body.task),
                                 .is_primary = is_primary(*body.task),
                                 .thread = seen.name,
                                 .since = seen.age_of_suspension(body.number),
                                 .is_ready = is_queued(*body.waiting),
                                 .held = held_by(*body.task),
                                 .waits_for = body.cause->kind,
                                 .num_missing = 0,
                                 .missing = {}});
  }

  void add_queues() {
    const task_noter noter = [this](const record& task) { note_queued(task); };
    for (std::size_t i = 0; i < m_workers.size(); ++i) m_found.workers[i].pinned = m_workers[i]->pinned().look(noter);
    m_found.below = m_scheduler.shared().look(rank::below, noter);
    m_scheduler.callbacks().look(m_found.below, noter);
    m_found.rest = m_scheduler.shared().look(rank::rest, noter);
    m_found.is_spmd_running = m_scheduler.spmds().look(m_found.spmd_bodies, noter);
    for (int space = 0; space < m_scheduler.config().spaces.size(); ++space) {
      if (const slot_queue* const queue = m_scheduler.devices().queue_of(space); queue != nullptr)
        m_found.slots.push_back(queue->look(noter));
    }
    m_found.are_limits_known = m_scheduler.limits().look(m_found.limits, noter);
    m_found.are_gangs_known = m_scheduler.gangs().look(m_found.gangs, noter);
    m_has_noted_all = has_noted_all();
  }

  bool has_noted_all() const noexcept {
    const auto is_noted = [](const queue_state& queue) { return queue.is_known && queue.size <= most_noted; };
    return m_found.are_limits_known && m_found.are_gangs_known && is_noted(m_found.spmd_bodies) &&
           is_noted(m_found.below) && is_noted(m_found.rest) &&
           std::all_of(m_found.workers.begin(), m_found.workers.end(),
                       [&](const worker_state& one) {
                         return is_noted(one.pinned) && one.num_nested <= static_cast<std::int64_t>(most_noted);
                       }) &&
           std::all_of(m_found.slots.begin(), m_found.slots.end(),
                       [&](const slots_state& one) { return is_noted(one.waiting); }) &&
           std::all_of(m_found.limits.begin(), m_found.limits.end(),
                       [&](const limit_state& one) { return is_noted(one.waiting); });
  }

  void sort_known() {
    std::sort(m_known.begin(), m_known.end(), [](const known& a, const known& b) { return a.task < b.task; });
    std::sort(m_children.begin(), m_children.end(), [](const child& a, const child& b) {
      return a.parent != b.parent ? a.parent < b.parent : a.where < b.where;
    });
  }

  awaited_task describe(const record& task) const {
    awaited_task one;
    one.task = task::naming_of(task);
    const auto found = std::lower_bound(m_known.begin(), m_known.end(), &task,
                                        [](const known& k, const record* r) { return k.task < r; });
    if (found != m_known.end() && found->task == &task) {
      one.where = found->where;
      if (found->thread != nullptr) one.thread = *found->thread;
      one.node = found->node;
    } else {
      one.where = place_of(task);
    }
    if (one.where >= place::queued && (task.flags & flags::limited) != 0 && held_by(task).count == 0)
      one.limit = task.extras->options.limit.name;
    return one;
  }

  /// Of a task that was found nowhere.
  place place_of(const record& task) const noexcept {
    switch (task.started.load(std::memory_order_relaxed)) {
      case detail::start_state::queued:
        return m_has_noted_all ? place::unqueued : place::queued;
      case detail::start_state::away:
      case detail::start_state::ended:
        return place::elsewhere;
      case detail::start_state::started:
        return place::open;
    }
    return place::queued;
  }

  std::vector<awaited_task> children_of(const record& parent, std::size_t most) const {
    std::vector<awaited_task> some;
    auto next = std::lower_bound(m_children.begin(), m_children.end(), &parent,
                                 [](const child& c, const record* r) { return c.parent < r; });
    for (; next != m_children.end() && next->parent == &parent && some.size() < most; ++next)
      some.push_back(describe(*next->task));
    return some;
  }

  void describe_wait(const suspended_body& body, suspended_state& to) {
    if (body.cause->kind == wait_kind::children || body.cause->kind == wait_kind::map) {
      to.missing = children_of(*body.task, most_missing);
      to.num_missing =
          body.cause->kind == wait_kind::children
              ? static_cast<std::size_t>(std::max<std::int64_t>(0, body.task->remote.load(std::memory_order_relaxed)))
              : to.missing.size();
    } else {
      describe_list(*body.cause, to);
    }
  }

  void describe_list(const wait_cause& cause, suspended_state& to) {
    const std::size_t last = std::min(cause.count, m_left_to_look_at);
    m_left_to_look_at -= last;
    for (std::size_t i = 0; i < last; ++i) {
      const record& awaited = cause.awaited(i);
      if ((awaited.state.load(std::memory_order_acquire) & bits::done) != 0) continue;
      ++to.num_missing;
      if (to.missing.size() == most_missing) continue;
      awaited_task& one = to.missing.emplace_back(describe(awaited));
      if (one.where == place::open) one.children = children_of(awaited, most_missing);
    }
    to.num_missing += cause.count - last;
  }

  void add_threads() {
    const base::time_point now = base::now();
    m_found.are_threads_known = thread_wait::for_each([&](const thread_wait& wait) {
      if (m_found.threads.size() == most_threads) return;
      suspended_state& one = m_found.threads.emplace_back();
      one.thread = "thread " + std::to_string(wait.thread());
      one.since = now - wait.since();
      one.waits_for = wait.cause().kind;
      describe_list(wait.cause(), one);
    });
  }

  scheduler& m_scheduler;
  const std::span<const away_task> m_away;
  state m_found;
  std::vector<const worker*> m_workers;  ///< in the order of m_found.workers
  std::vector<std::pair<const suspended_body*, std::size_t>> m_suspended;
  std::size_t m_left_to_look_at = most_looked_at;
  bool m_has_noted_all = true;    ///< that are queued
  std::vector<known> m_known;     ///< by task, once sorted
  std::vector<child> m_children;  ///< by parent, once sorted; those that explain most first
};

bool has_tasks(const queue_state& queue) noexcept { return queue.size != 0; }

}  // namespace

state look_at(scheduler& of, std::span<const away_task> away) { return look(of, away).take(); }

pulse pulse_of(scheduler& of) {
  pulse found;
  const auto count = [&](const record& task) {
    // Whichever order they are found in.
    if (!is_primary(task)) found.bodies_hash += (reinterpret_cast<std::uintptr_t>(&task) >> 6U) * 0x9e3779b97f4a7c15U;
  };
  const running_bodies::reading from_here(of.running());
  of.running().for_each(from_here, [&](const running_bodies::observation& seen) {
    found.num_begun += seen.thread.counters().begun.value();
    if (seen.task != nullptr) count(*seen.task);
    seen.thread.suspended().for_each([&](const suspended_body& body) {
      if (body.task != nullptr) count(*body.task);
    });
  });
  return found;
}

bool state::has_open_tasks() const noexcept {
  const auto has_begun = [](const worker_state& one) {
    return one.doing == worker_state::activity::runs && !one.is_primary;
  };
  // The primary task of its own is open only while it waits for others, at the end of the session too.
  const auto is_open = [](const suspended_state& one) {
    return !one.is_primary || one.num_missing != 0 || one.waits_for == wait_kind::others;
  };
  const auto has_queued = [](const worker_state& one) { return one.num_nested != 0 || has_tasks(one.pinned); };
  return has_tasks(below) || has_tasks(rest) || has_tasks(spmd_bodies) || !gangs.empty() ||
         std::any_of(workers.begin(), workers.end(), has_begun) ||
         std::any_of(workers.begin(), workers.end(), has_queued) ||
         std::any_of(suspended.begin(), suspended.end(), is_open) ||
         std::any_of(slots.begin(), slots.end(), [](const slots_state& one) { return has_tasks(one.waiting); }) ||
         std::any_of(limits.begin(), limits.end(), [](const limit_state& one) { return has_tasks(one.waiting); });
}

}  // namespace torc::sched
