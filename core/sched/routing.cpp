// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors
#include <fmt/format.h>

#include <cmath>
#include <stdexcept>
#include <torc/detail/path.hpp>
#include <torc/error.hpp>

#include "core/sched/claims.hpp"
#include "core/sched/devices.hpp"
#include "core/sched/other_nodes.hpp"
#include "core/sched/scheduler.hpp"
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
  if (options.cores < 1 || options.cores > most_cores) {
    throw std::out_of_range(fmt::format("submit: a task cannot have {} cores: {} {} workers (TORC_WORKERS)",
                                        options.cores,
                                        nodes.num_nodes() == 1 ? "the node has"
                                        : options.worker >= 0  ? "that node has"
                                                               : "a node has at most",
                                        most_cores));
  }
  if (options.retries < 0)
    throw std::invalid_argument(fmt::format("submit: retries must be at least 0, not {}", options.retries));
  if (options.priority && std::isnan(*options.priority))
    throw std::invalid_argument("submit: a priority must be a number, not NaN");
  if (!(options.timeout.count() >= 0)) {
    throw std::invalid_argument(
        fmt::format("submit: timeout must be at least 0 s (0 for none), not {} s", options.timeout.count()));
  }
  if (options.limit.empty()) return;
  if (!m_limits.has(options.limit)) {
    throw std::out_of_range(
        fmt::format("submit: no limit is named '{}': declare it with torc::set_limit first (there are: {})",
                    options.limit, m_limits.names()));
  }
  if ((parent.flags & (flags::device | flags::in_device)) != 0) {
    throw error(
        fmt::format("submit: a task below a device task cannot have the limit '{}': they could wait for each other for "
                    "ever, one for "
                    "the limit, the other for a slot",
                    options.limit));
  }
  for (record* ancestor = &parent; ancestor != nullptr; ancestor = ancestor->parent) {
    // Extras that were not made at submission may be made at this moment, by the thread that runs the ancestor.
    const bool is_special = (std::atomic_ref(ancestor->flags).load(std::memory_order_relaxed) & flags::special) != 0;
    if (is_special && ancestor->extras->options.limit == options.limit) {
      throw error(fmt::format(
          "submit: task '{}' counts against the limit '{}' and cannot have tasks below it that do: they could wait for "
          "each other for ever",
          task::name_of(*ancestor), options.limit));
    }
  }
}

void scheduler::adopt(record& task, record& parent, std::uint64_t path) {
  task.parent = &parent;
  task.path = path;
  task.session = static_cast<std::uint16_t>(m_settings.session);
  // Noted here because a cancelled task may outlive its parent in a queue.
  const std::uint16_t origin = (parent.flags & flags::primary) != 0  ? flags::of_primary
                               : (parent.flags & flags::device) != 0 ? flags::in_device
                                                                     : std::uint16_t{0};
  task.flags = static_cast<std::uint16_t>(task.flags | origin | (parent.flags & flags::inherited));
  count_child(parent);
  count_created();
}

void scheduler::spawn_at(record& task, record& parent, std::uint64_t path) {
  adopt(task, parent, path);
  route(task);
}

void scheduler::spawn_on(base::node_id node, record& task, record& parent, std::uint64_t path) {
  adopt(task, parent, path);
  if (m_settings.others == nullptr || (task.flags & flags::home_bound) != 0 || !m_settings.others->send_to(task, node))
    queue(task, false);
}

void scheduler::spawn(record& task, record& parent, const task_options* options) {
  if ((parent.flags & flags::spmd_body) != 0 && m_settings.others != nullptr && m_settings.others->is_exclusive()) {
    throw error(
        "submit: an spmd body may not submit where MPI was initialised with less than MPI_THREAD_MULTIPLE: let the "
        "application call MPI_Init_thread with that, or leave initialising MPI to torc");
  }
  if (options != nullptr) {
    check_options(parent, *options);
    task::extras_of(task).options = *options;
    if ((task.flags & flags::device) != 0) check_space(task);
    task.flags |= flags::special;
    if (options->timeout.count() > 0 || options->cores > 1 || !options->limit.empty() || options->pinned)
      task.flags |= flags::never_inline;
  }
  spawn_at(task, parent, next_child_path(parent));
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
  if (m_settings.others != nullptr && (task.flags & stays) == 0 && m_settings.others->send_away(task)) return;
  queue(task, false);
}

void scheduler::queue(record& task, bool is_arriving) {
  if ((task.flags & flags::spmd_body) != 0) {
    run_on_worker_0(task);
    return;
  }
  if ((task.flags & flags::device) != 0 && m_devices->push(task)) return;
  if ((task.flags & flags::special) != 0) {
    const task_options& options = task.extras->options;
    if (options.pinned && options.worker >= 0) {
      worker& target = worker_at(options.worker - m_settings.nodes.first_own_worker());
      if (options.priority) {
        target.push_pinned(task, *options.priority);
      } else {
        target.push_pinned(task);
      }
      return;
    }
    if (options.priority) {
      m_by_priority.push(task, *options.priority);
      m_idlers.notify();
      return;
    }
    if (options.worker >= 0) {
      m_fifo.push(task);
      m_idlers.notify();
      return;
    }
  }
  worker* const here = worker::current();
  if (is_arriving || here == nullptr || !here->runs_tasks() || (task.flags & flags::of_primary) != 0) {
    m_fifo.push(task);
  } else {
    here->push_nested(task);
  }
  m_idlers.notify();
}

void scheduler::take_back(record& task) {
  come_back(task);
  queue(task, true);
}

std::int64_t scheduler::num_movable() const noexcept {
  std::int64_t count = m_fifo.size() + (m_by_priority.has_items() ? 1 : 0) + m_devices->surplus_for_host();
  for (const auto& w : m_workers) count += w->num_movable();
  return count;
}

record* scheduler::take_movable(int workers_there, std::uint64_t spaces_there) {
  const auto may_leave = [&](const record& task) {
    if ((task.flags & (flags::home_bound | flags::spmd_body)) != 0) return false;
    if (needs_space(task) && (spaces_there & space_map::bit_of(task.extras->space)) == 0) return false;
    if ((task.flags & flags::special) == 0) return true;
    const task_options& options = task.extras->options;
    return !options.pinned && options.limit.empty() && options.cores <= workers_there;
  };
  if (record* const task = m_by_priority.pop_if(may_leave); task != nullptr) return task;
  if (record* const task = m_fifo.pop_if(may_leave); task != nullptr) return task;
  if (record* const task = m_devices->take_for_other_host(may_leave); task != nullptr) return task;
  for (const auto& w : m_workers) {
    while (record* const task = w->steal_movable()) {
      if (may_leave(*task)) return task;
      m_fifo.push(*task);  // where the workers of this node find it
      m_idlers.notify();
    }
  }
  return nullptr;
}

std::int64_t scheduler::num_waiting_for_slots(int space) const noexcept {
  const slot_queue* const queue = m_devices->queue_of(space);
  return queue != nullptr ? queue->surplus() : 0;
}

record* scheduler::take_waiting_for_slot(int space) {
  return m_devices->queue_of(space)->take_movable([](const record& task) {
    const task_options& options = task.extras->options;
    return (task.flags & flags::home_bound) == 0 && !options.pinned && options.limit.empty();
  });
}

std::uint64_t scheduler::starving_spaces() const noexcept {
  return is_stopping() || is_abandoned() ? 0 : m_devices->starving_spaces();
}

bool scheduler::is_starving() const noexcept {
  if (m_num_idle.load(std::memory_order_relaxed) <= 0 || is_stopping() || is_abandoned()) return false;
  if (m_fifo.has_items() || m_by_priority.has_items() || m_gangs.is_wanted() || m_devices->has_tasks_without_slot())
    return false;
  for (const auto& w : m_workers) {
    if (w->has_stealable()) return false;
  }
  return true;
}

}  // namespace torc::sched
