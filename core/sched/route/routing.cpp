// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <stdexcept>
#include <torc/detail/path.hpp>
#include <torc/error.hpp>

#include "core/base/count_of.hpp"
#include "core/sched/peers/guest.hpp"
#include "core/sched/peers/peers.hpp"
#include "core/sched/queue/claims.hpp"
#include "core/sched/queue/turn.hpp"
#include "core/sched/scheduler.hpp"
#include "core/sched/worker/devices.hpp"
#include "core/sched/worker/in_codec.hpp"
#include "core/task/extras.hpp"

/// The way of a task from its submission into a queue, and out of it to another node.
namespace torc::sched {
namespace {

using detail::record;
namespace flags = detail::record_flags;

/// Whether only nodes with its space can run it.
bool needs_space(const record& task) noexcept {
  return (task.flags & flags::device) != 0 && !task.extras->is_for_host_too;
}

mobility mobility_of(const record& task) noexcept {
  if ((task.flags & flags::home_bound) != 0) return mobility::nowhere;
  if ((task.flags & flags::has_options) == 0) return mobility::anywhere;
  const task_options& options = task.extras->options;
  if (options.pinned || task.extras->units_held.load(std::memory_order_relaxed) > 0) return mobility::nowhere;
  return needs_space(task) || options.cores > 1 ? mobility::somewhere : mobility::anywhere;
}

/// Of a task that may not leave this node, as those of torc::local: that it is not pinned elsewhere.
void check_place(const record& task, const task_options& options, const node_map& nodes) {
  if ((task.flags & flags::home_bound) == 0 || !options.pinned || options.worker < 0 || nodes.is_own(options.worker))
    return;
  throw std::invalid_argument(fmt::format(
      "submit: a task that stays on its node, as those of torc::local, cannot be pinned to worker {}, which "
      "is of node {}",
      options.worker, base::number_of(nodes.node_of(options.worker))));
}

}  // namespace

void scheduler::count_created() noexcept {
  if (worker* const here = worker::current(); here != nullptr) {
    here->counters().created.add();
  } else {
    m_foreign_created.fetch_add(1, std::memory_order_relaxed);
  }
}

void scheduler::count_child(record& parent) noexcept {
  if (const worker* const here = worker::current(); here != nullptr && parent.owner == here && !parent.is_joining) {
    ++parent.outstanding;
  } else {
    parent.remote.fetch_add(1, std::memory_order_relaxed);
  }
}

/// Of a device task: that there is a node for it.
void scheduler::check_space(const record& task) const {
  const task_options& options = task.extras->options;
  const int space = task.extras->space;
  if (options.cores > 1)
    throw std::out_of_range(
        fmt::format("submit: a device task has a slot and no cores, but {} are asked for", options.cores));
  if (task.extras->is_for_host_too) return;
  const node_map& nodes = m_settings.nodes;
  const base::node_id only = options.worker >= 0 ? nodes.node_of(options.worker) : nodes.self();
  const bool is_bound = options.worker >= 0 || (task.flags & flags::home_bound) != 0;
  if (is_bound && !m_settings.spaces.has(only, space)) {
    throw device_error(
        fmt::format("submit: task '{}' needs the execution space {}, which its node {} does not have: let it "
                    "go to another node",
                    task::name_of(task), m_settings.spaces.name_of(space), base::number_of(only)));
  }
}

void scheduler::check_options(record& parent, const task_options& options) {
  const node_map& nodes = m_settings.nodes;
  if (options.worker < -1 || options.worker >= nodes.num_workers()) {
    throw std::out_of_range(
        fmt::format("submit: worker {} does not exist: there are {}, numbered from 0 (or -1 for any)", options.worker,
                    nodes.num_workers()));
  }
  const int most_cores = options.worker >= 0 ? nodes.workers_of(nodes.node_of(options.worker)) : nodes.most_workers();
  if (options.cores < 1)
    throw std::invalid_argument(fmt::format("submit: cores must be at least 1, not {}", options.cores));
  if (options.cores > most_cores) {
    throw std::out_of_range(fmt::format("submit: a task cannot have {} cores: {} {} (TORC_WORKERS)", options.cores,
                                        nodes.num_nodes() == 1 ? "the node has"
                                        : options.worker >= 0  ? "that node has"
                                                               : "a node has at most",
                                        base::count_of(static_cast<std::uint64_t>(most_cores), "worker")));
  }
  if (options.retries < 0)
    throw std::invalid_argument(fmt::format("submit: retries must be at least 0, not {}", options.retries));
  if (options.priority && std::isnan(*options.priority))
    throw std::invalid_argument("submit: a priority must be a number, not NaN");
  if (!(options.timeout.count() >= 0)) {
    throw std::invalid_argument(
        fmt::format("submit: timeout must be at least 0 s (0 for none), not {} s", options.timeout.count()));
  }
  const limit_units& wanted = options.limit;
  if (wanted.empty() && wanted.units != limit_units().units)
    throw std::invalid_argument(fmt::format("submit: a limit has a name, and units ({}) alone are none", wanted.units));
  if (wanted.empty()) return;
  const auto capacity = m_limits.capacity_of(wanted.name);
  if (!capacity) {
    throw std::out_of_range(
        fmt::format("submit: no limit is named '{}': declare it with torc::set_limit first (there are: {})",
                    wanted.name, m_limits.names()));
  }
  if (wanted.units < 1) {
    throw std::invalid_argument(
        fmt::format("submit: a task takes at least 1 unit of the limit '{}', not {}", wanted.name, wanted.units));
  }
  if (wanted.units > *capacity) {
    throw std::out_of_range(fmt::format("submit: a task cannot have {} units of the limit '{}': there {} {}",
                                        wanted.units, wanted.name, *capacity == 1 ? "is" : "are", *capacity));
  }
  if ((parent.flags & (flags::device | flags::in_device)) != 0) {
    throw error(
        fmt::format("submit: a task below a device task cannot have the limit '{}': they could wait for each other for "
                    "ever, one for "
                    "the limit, the other for a slot",
                    wanted.name));
  }
  const auto refuse_below = [&](const std::string& which) {
    throw error(fmt::format(
        "submit: task '{}' counts against the limit '{}' and cannot have tasks below it that do: they could wait for "
        "each other for ever",
        which, wanted.name));
  };
  for (record* ancestor = &parent; ancestor != nullptr; ancestor = ancestor->parent) {
    // Extras that were not made at submission may be made at this moment, by the thread that runs the ancestor.
    const std::uint16_t its_flags = std::atomic_ref(ancestor->flags).load(std::memory_order_relaxed);
    if ((its_flags & flags::has_options) != 0 && ancestor->extras->options.limit.name == wanted.name)
      refuse_below(task::name_of(*ancestor));
    if ((its_flags & flags::guest) == 0) continue;
    const auto& above = guest_of(*ancestor).limits_above;
    if (std::find(above.begin(), above.end(), wanted.name) != above.end()) refuse_below("on another node");
  }
}

void scheduler::adopt(record& task, record& parent, std::uint64_t path, rank of) {
  check_not_in_codec("submit");
  const bool has_own_priority = (task.flags & flags::prioritised) != 0;
  if ((parent.flags & flags::prioritised) != 0 && !has_own_priority) set_priority(task, priority_of(parent));
  task.parent = &parent;
  task.path = path;
  task.session = static_cast<std::uint16_t>(m_settings.session);
  // Noted here because a cancelled task may outlive its parent in a queue.
  unsigned origin = parent.flags & flags::inherited;
  if (of == rank::rest) origin |= flags::of_primary;
  if ((parent.flags & flags::device) != 0) origin |= flags::in_device;
  if ((parent.flags & flags::limited) != 0) origin |= flags::in_limit;
  task.flags = static_cast<std::uint16_t>(task.flags | origin);
  count_child(parent);
  count_created();
}

void scheduler::spawn_at(record& task, record& parent, std::uint64_t path, rank of) {
  adopt(task, parent, path, of);
  route(task);
}

void scheduler::spawn_on(base::node_id node, record& task, record& parent, std::uint64_t path, rank of) {
  adopt(task, parent, path, of);
  if (m_settings.peers == nullptr || (task.flags & flags::home_bound) != 0 || !m_settings.peers->send_to(task, node))
    enqueue(task, false);
}

void scheduler::spawn(record& task, record& parent, const task_options* options) {
  if ((parent.flags & flags::spmd_body) != 0 && m_settings.peers != nullptr && m_settings.peers->is_exclusive()) {
    throw error(
        "submit: an spmd body may not submit where MPI was initialised with less than MPI_THREAD_MULTIPLE: let the "
        "application call MPI_Init_thread with that, or leave initialising MPI to torc");
  }
  if (options != nullptr) give_options(task, parent, *options);
  spawn_at(task, parent, next_child_path(parent), rank_below(parent));
}

void scheduler::give_options(record& task, record& parent, const task_options& options) {
  check_options(parent, options);
  check_place(task, options, m_settings.nodes);
  task::extras_of(task).options = options;
  if ((task.flags & flags::device) != 0) check_space(task);
  task.flags |= flags::has_options;
  if (options.priority) set_priority(task, *options.priority);
  if (!options.limit.empty()) task.flags |= flags::limited;
  if (options.timeout.count() > 0 || options.cores > 1 || !options.limit.empty() || options.pinned)
    task.flags |= flags::never_inline;
}

std::uint64_t scheduler::next_child_path(record& parent) noexcept {
  const std::uint64_t number = (parent.flags & flags::scope) != 0
                                   ? std::atomic_ref(parent.spawned).fetch_add(1, std::memory_order_relaxed)
                                   : parent.spawned++;
  return detail::mix_path(parent.path, number);
}

void scheduler::run_on_worker_0(record& task) {
  m_spmds.push(task);
  m_workers.front()->wake();
}

void scheduler::spmd_is_over() noexcept {
  m_spmds.finished();
  m_workers.front()->wake();
}

void scheduler::route(record& task) {
  constexpr std::uint16_t stays = flags::home_bound | flags::guest;
  if (m_settings.peers != nullptr && (task.flags & stays) == 0 && m_settings.peers->send_away(task)) return;
  enqueue(task, false);
}

void scheduler::enqueue(record& task, bool is_arriving) {
  if ((task.flags & flags::spmd_body) != 0) {
    run_on_worker_0(task);
    return;
  }
  if ((task.flags & flags::callback) != 0 && rank_below(*task.parent) == rank::rest) {
    m_callbacks.push(task);
    m_work_event.notify(false);
    if (m_primary_worker != nullptr) m_primary_worker->wake();
    return;
  }
  if ((task.flags & flags::device) != 0 && m_devices->push(task)) return;
  if ((task.flags & flags::has_options) != 0) {
    const task_options& options = task.extras->options;
    // One for a worker of another node stays here to be given up.
    if (options.pinned && options.worker >= 0 && m_settings.nodes.is_own(options.worker)) {
      worker_at(options.worker - m_settings.nodes.first_own_worker()).push_pinned(task);
      return;
    }
  }
  const mobility where = m_settings.peers != nullptr ? mobility_of(task) : mobility::anywhere;
  worker* const here = worker::current();
  const bool is_of_running = !is_arriving && here != nullptr && here->runs_tasks() && rank_of(task) == rank::below;
  // The worker's own deque orders by age alone, and gives tasks away without looking at them.
  const bool is_ordinary =
      where != mobility::somewhere && !((task.flags & flags::has_options) != 0 && task.extras->options.priority);
  if (!is_of_running || !is_ordinary || !here->push_nested(task, where == mobility::anywhere))
    m_shared.push(task, where);
  m_work_event.notify(where != mobility::nowhere);
}

void scheduler::take_back(record& task) {
  come_back(task);
  enqueue(task, true);
}

void scheduler::queue_first(record& task) {
  if ((task.flags & flags::device) != 0 && m_devices->push(task)) return;
  const task_options& options = task.extras->options;
  if (options.pinned && options.worker >= 0) {
    worker_at(options.worker - m_settings.nodes.first_own_worker()).push_first_pinned(task);
    return;
  }
  m_shared.push_first(task);
  m_work_event.notify(false);
}

bool scheduler::acquire_units(record& task) {
  revoked_tasks revoked;
  bool is_to_begin = false;
  for (record* const ready : m_limits.acquire(task, mobility_of(task), revoked)) {
    if (ready == &task) {
      is_to_begin = true;
    } else {
      queue_first(*ready);
    }
  }
  give_up(revoked);
  return is_to_begin;
}

void scheduler::release_units(record& task) {
  revoked_tasks revoked;
  release_units(task, revoked);
  give_up(revoked);
}

void scheduler::release_units(record& task, revoked_tasks& revoked) {
  for (record* const next : m_limits.release(task, revoked)) queue_first(*next);
}

std::int64_t scheduler::num_movable() const noexcept {
  std::int64_t count = m_shared.num_leaving() + m_limits.num_movable() + m_devices->surplus_for_host();
  for (const auto& w : m_workers) count += w->num_movable();
  return count;
}

std::int64_t scheduler::surplus() const {
  return m_limits.may_be_used_up() ? 0 : std::max<std::int64_t>(num_movable() - std::max(num_idle(), 0), 0);
}

/// First what is below nothing: a whole simulation, say, which then has all that is below it where it runs. Only a
/// thief for which there is none gets parts of what is open here, from the outside inwards, rather than to starve.
record* scheduler::take_movable(int workers_there, std::uint64_t spaces_there) {
  const auto fits = [&](const record& task) {
    if (needs_space(task) && (spaces_there & space_map::bit_of(task.extras->space)) == 0) return false;
    return task.extras->options.cores <= workers_there;
  };
  if (record* const task = m_shared.take_leaving(rank::rest, fits); task != nullptr) return task;
  if (record* const task = m_devices->take_for_other_host(
          [&](const record& waiting) { return mobility_of(waiting) != mobility::nowhere; });
      task != nullptr)
    return task;
  if (record* const task = m_limits.take_movable(fits); task != nullptr) return task;
  if (record* const task = m_shared.take_leaving(rank::below, fits); task != nullptr) return task;
  for (const auto& w : m_workers) {
    if (record* const task = w->steal_movable(); task != nullptr) return task;
  }
  return nullptr;
}

std::int64_t scheduler::num_waiting_for_slots(int space) const noexcept {
  const slot_queue* const queue = m_devices->queue_of(space);
  return queue != nullptr ? queue->surplus() : 0;
}

record* scheduler::take_waiting_for_slot(int space) {
  return m_devices->queue_of(space)->take_movable(
      [](const record& task) { return mobility_of(task) != mobility::nowhere; });
}

std::uint64_t scheduler::starving_spaces() const noexcept {
  return is_stopping() || is_abandoned() ? 0 : m_devices->starving_spaces();
}

bool scheduler::is_starving() const noexcept {
  if (m_num_idle.load(std::memory_order_relaxed) <= 0 || is_stopping() || is_abandoned()) return false;
  if (m_shared.has_items() || m_callbacks.has_items() || m_gangs.is_wanted() || m_devices->has_tasks_without_slot())
    return false;
  for (const auto& w : m_workers) {
    if (w->has_stealable()) return false;
  }
  return true;
}

}  // namespace torc::sched
