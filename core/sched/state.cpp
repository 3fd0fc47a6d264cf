// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors
#include "core/sched/state.hpp"

#include <algorithm>
#include <unordered_map>
#include <utility>

#include "core/base/clock.hpp"
#include "core/sched/devices.hpp"
#include "core/sched/queue_link.hpp"
#include "core/sched/scheduler.hpp"
#include "core/sched/worker.hpp"

namespace torc::sched {
namespace {

using detail::record;
namespace bits = detail::state_bits;
namespace flags = detail::record_flags;

/// More than anybody reads.
constexpr std::size_t most_suspended = 1000;
constexpr std::size_t most_missing = 4;
/// A list of futures is looked at no further.
constexpr std::size_t most_looked_at = 100'000;

/// The task that counts it: what is in a scope counts there.
const record* parent_of(const record& task) noexcept {
  const record* parent = task.parent;
  while (parent != nullptr && (parent->flags & flags::scope) != 0) parent = parent->parent;
  return parent;
}

/// One look.
class look {
 public:
  look(scheduler& node, std::span<const away_task> away) : m_node(node), m_away(away) {}

  state take() {
    read_bodies();
    add_queues();  // whose locks keep what is in them
    return std::move(m_found);
  }

 private:
  using place = awaited_task::place;
  struct whereabouts {
    place where = place::queued;
    std::string thread{};
    base::node_id node = base::no_node;
  };

  void read_bodies() {
    const running_bodies::reading from_here(m_node.running());
    m_node.running().for_each(from_here, [&](const running_bodies::observation& seen) { add(seen); });
    for (const away_task& one : m_away) note(*one.task, {.where = place::elsewhere, .node = one.holder});
    for (auto& [body, at] : m_suspended) describe_wait(*body, m_found.suspended[at]);
  }

  void note(const record& task, whereabouts at) {
    m_children.emplace(parent_of(task), &task);
    m_places.insert_or_assign(&task, std::move(at));
  }

  void count_body(const record& task) noexcept {
    // Whichever order they are found in.
    m_found.bodies_hash += (reinterpret_cast<std::uintptr_t>(&task) >> 6U) * 0x9e3779b97f4a7c15U;
  }

  void add(const running_bodies::observation& seen) {
    auto& from = const_cast<worker&>(seen.thread);
    from.suspended().for_each([&](const suspended_body& body) {
      if (body.task != nullptr) add(seen, body);
    });
    worker_state& one = m_found.workers.emplace_back();
    one.name = seen.name;
    one.num_nested = from.num_nested();
    if (const record* const oldest = from.oldest_nested(); oldest != nullptr)
      one.oldest_nested.push_back(task::naming_of(*oldest));
    m_workers.push_back(&seen.thread);
    m_found.num_begun += from.counters().executed.value();
    if (seen.task != nullptr) {
      one.doing = worker_state::activity::runs;
      one.is_primary = seen.is_primary();
      one.task = task::naming_of(*seen.task);
      one.since = seen.age;
      note(*seen.task, {.where = place::runs, .thread = seen.name});
      if (!one.is_primary) count_body(*seen.task);
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
    constexpr auto primary = flags::primary | flags::uncounted;
    const bool is_primary = (body.task->flags & primary) == primary;
    ++m_found.num_suspended;
    if (!is_primary) count_body(*body.task);
    note(*body.task, {.where = place::suspended, .thread = seen.name});
    if (m_suspended.size() == most_suspended) return;
    m_suspended.emplace_back(&body, m_found.suspended.size());
    m_found.suspended.push_back({.task = task::naming_of(*body.task),
                                 .is_primary = is_primary,
                                 .thread = seen.name,
                                 .since = seen.age_of_suspension(body.number),
                                 .is_ready = is_queued(*body.waiting),
                                 .waits_for = body.cause->kind,
                                 .num_missing = 0,
                                 .missing = {}});
  }

  void add_missing(const record& task, suspended_state& to) {
    if (to.missing.size() == most_missing) return;
    awaited_task& one = to.missing.emplace_back();
    one.task = task::naming_of(task);
    if (const auto found = m_places.find(&task); found != m_places.end()) {
      one.where = found->second.where;
      one.thread = found->second.thread;
      one.node = found->second.node;
      return;
    }
    switch (task.started.load(std::memory_order_relaxed)) {
      case detail::start_state::queued:
        one.where = place::queued;
        break;
      case detail::start_state::away:
      case detail::start_state::ended:
        one.where = place::elsewhere;
        break;
      case detail::start_state::started:
        one.where = place::open;
    }
  }

  void describe_wait(const suspended_body& body, suspended_state& to) {
    if (body.cause->kind == wait_kind::children) {
      to.num_missing =
          static_cast<std::size_t>(std::max<std::int64_t>(0, body.task->remote.load(std::memory_order_relaxed)));
      const auto [first, last] = m_children.equal_range(body.task);
      for (auto child = first; child != last; ++child) add_missing(*child->second, to);
      return;
    }
    const std::size_t last = std::min(body.cause->count, most_looked_at);
    for (std::size_t i = 0; i < last; ++i) {
      const record& awaited = body.cause->awaited(i);
      if ((awaited.state.load(std::memory_order_acquire) & bits::done) != 0) continue;
      ++to.num_missing;
      add_missing(awaited, to);
    }
    to.num_missing += body.cause->count - last;
  }

  void add_queues() {
    for (std::size_t i = 0; i < m_workers.size(); ++i) m_found.workers[i].pinned = m_workers[i]->pinned().look();
    m_found.below = m_node.shared().look(rank::below);
    m_found.rest = m_node.shared().look(rank::rest);
    m_found.is_spmd_running = m_node.spmds().look(m_found.spmd_bodies);
    for (int space = 0; space < m_node.chosen().spaces.size(); ++space) {
      if (const slot_queue* const queue = m_node.devices().queue_of(space); queue != nullptr)
        m_found.slots.push_back(queue->look());
    }
    m_found.are_limits_known = m_node.limits().look(m_found.limits);
    m_found.are_gangs_known = m_node.gangs().look(m_found.gangs);
  }

  scheduler& m_node;
  const std::span<const away_task> m_away;
  state m_found;
  std::vector<const worker*> m_workers;  ///< in the order of m_found.workers
  std::vector<std::pair<const suspended_body*, std::size_t>> m_suspended;
  std::unordered_map<const record*, whereabouts> m_places;
  std::unordered_multimap<const record*, const record*> m_children;  ///< by parent
};

bool has_tasks(const queue_state& queue) noexcept { return queue.size != 0; }

}  // namespace

state look_at(scheduler& node, std::span<const away_task> away) { return look(node, away).take(); }

bool state::has_open_tasks() const noexcept {
  const auto has_begun = [](const worker_state& one) {
    return one.doing == worker_state::activity::runs && !one.is_primary;
  };
  const auto has_queued = [](const worker_state& one) { return one.num_nested != 0 || has_tasks(one.pinned); };
  return has_tasks(below) || has_tasks(rest) || has_tasks(spmd_bodies) || !gangs.empty() ||
         std::any_of(workers.begin(), workers.end(), has_begun) ||
         std::any_of(workers.begin(), workers.end(), has_queued) ||
         std::any_of(suspended.begin(), suspended.end(),
                     [](const suspended_state& one) { return !one.is_primary || one.num_missing != 0; }) ||
         std::any_of(slots.begin(), slots.end(), [](const slots_state& one) { return has_tasks(one.waiting); }) ||
         std::any_of(limits.begin(), limits.end(), [](const limit_state& one) { return has_tasks(one.waiting); });
}

}  // namespace torc::sched
