// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors
#include <algorithm>

#include "backends/sim/node_model.hpp"

/// Which queued tasks a node gives to others.
namespace torc::sim {
namespace {

using protocol::take_limits;

bool may_travel(const queued_task& task) noexcept { return task.is_movable && !task.task.cannot_be_encoded; }

bool may_leave(const queued_task& task, const take_limits& limits) noexcept {
  if (!may_travel(task) || task.task.cores > limits.workers) return false;
  return !needs_space(task.task) || (limits.spaces & bit_of(task.task.space)) != 0;
}

bool may_leave_for_worker(const queued_task& task) noexcept { return may_travel(task) && task.task.is_for_host_too; }

template <class Condition>
std::size_t count(const std::deque<queued_task>& tasks, Condition condition) {
  return static_cast<std::size_t>(std::count_if(tasks.begin(), tasks.end(), condition));
}

template <class Condition>
std::size_t count(const slot_tasks& tasks, Condition condition) {
  return count(tasks.below, condition) + count(tasks.others, condition);
}

}  // namespace

/// Tasks that wait for slots of the space beyond what the free ones will take.
std::size_t node_model::surplus(int space) const noexcept {
  const std::size_t waiting = m_slot_tasks[static_cast<std::size_t>(space)].size();
  return waiting - std::min(waiting, num_free_slots(space));
}

/// Of what is wanted.
bool node_model::has_surplus() const noexcept {
  for (int space = 0; space < num_spaces(); ++space) {
    if ((m_watched.spaces & bit_of(space)) != 0 && surplus(space) > 0) return true;
  }
  return m_watched.is_for_workers && num_movable() > num_idle();
}

/// For workers.
std::size_t node_model::num_queued() const noexcept {
  std::size_t sum = m_shared.size() + m_pinned.size();
  for (const worker_model& one : m_workers) sum += one.nested.size();
  for (const slot_tasks& waiting : m_slot_tasks)
    sum += count(waiting, [](const queued_task& task) { return task.task.is_for_host_too; });
  return sum;
}

/// Those which may leave lie apart from the others, which nobody counts who looks for some to give.
std::size_t node_model::num_movable() const noexcept {
  const auto is_movable = [](const queued_task& task) { return task.is_movable; };
  std::size_t sum = m_shared.size();
  for (const worker_model& one : m_workers) sum += count(one.nested, is_movable);
  for (int space = 0; space < num_spaces(); ++space)
    sum += std::min(surplus(space), count(m_slot_tasks[static_cast<std::size_t>(space)], may_leave_for_worker));
  return sum;
}

std::size_t node_model::num_idle() const noexcept {
  return static_cast<std::size_t>(
      std::count_if(m_workers.begin(), m_workers.end(), [](const worker_model& one) { return one.is_idle(); }));
}

/// Half, but nothing that the slots here will take at once.
std::size_t node_model::num_for_slots(int space) const {
  const slot_tasks& waiting = m_slot_tasks[static_cast<std::size_t>(space)];
  return std::min((surplus(space) + 1) / 2, count(waiting, may_travel));
}

/// Half, but nothing that the workers here will take at once.
std::size_t node_model::num_for_workers(const take_limits& limits) const {
  if (limits.workers == 0) return 0;
  const auto leaves = [&](const queued_task& task) { return may_leave(task, limits); };
  std::size_t all = count(m_shared.below, leaves) + count(m_shared.rest, leaves);
  for (const worker_model& one : m_workers) all += count(one.nested, leaves);
  for (int space = 0; space < num_spaces(); ++space)
    all += std::min(surplus(space), count(m_slot_tasks[static_cast<std::size_t>(space)], may_leave_for_worker));
  return std::min((all + 1) / 2, all - std::min(all, num_idle()));
}

std::size_t node_model::num_to_give(const take_limits& limits) const {
  std::size_t sum = num_for_workers(limits);
  for (int space = 0; space < num_spaces(); ++space)
    sum += (limits.spaces & bit_of(space)) != 0 ? num_for_slots(space) : 0;
  return sum;
}

/// Takes up to `left` tasks out of a queue, the oldest first: the outermost.
template <class Condition>
void node_model::give_from(std::deque<queued_task>& tasks, std::size_t& left, giving& to, Condition condition) {
  for (auto next = tasks.begin(); next != tasks.end() && left > 0 && to.left_bytes > 0;) {
    if (!condition(*next)) {
      ++next;
      continue;
    }
    const queued_task given = *next;
    next = tasks.erase(next);
    --left;
    m_encoded = encode(given.task);
    const std::size_t bytes = m_encoded.size();
    to.left_bytes -= static_cast<std::int64_t>(bytes) + protocol::task_overhead_bytes;
    m_all.most_task_bytes = std::max<std::uint64_t>(m_all.most_task_bytes, bytes);
    if (given.own != nullptr) {
      given.own->where = record::place::waiting;
      to.thief.give(protocol::task_ref{reinterpret_cast<std::uintptr_t>(given.own)});
    } else {
      if (given.is_stolen) m_stolen_bytes -= bytes;
      drop_guest(given.guest);
      to.thief.give_guest(given.guest, {m_encoded, &m_encoded});
    }
  }
}

void node_model::take(const take_limits& limits, protocol::taker& thief) {
  giving to{thief, static_cast<std::int64_t>(limits.most_bytes)};
  for (int space = 0; space < num_spaces(); ++space) {
    if ((limits.spaces & bit_of(space)) == 0) continue;
    slot_tasks& waiting = m_slot_tasks[static_cast<std::size_t>(space)];
    std::size_t left = num_for_slots(space);
    give_from(waiting.others, left, to, may_travel);
    give_from(waiting.below, left, to, may_travel);
  }
  std::size_t left = num_for_workers(limits);
  const auto leaves = [&](const queued_task& task) { return may_leave(task, limits); };
  give_from(m_shared.rest, left, to, leaves);
  for (int space = 0; space < num_spaces(); ++space) {
    slot_tasks& waiting = m_slot_tasks[static_cast<std::size_t>(space)];
    std::size_t most = std::min(left, surplus(space));
    left -= most;
    give_from(waiting.others, most, to, may_leave_for_worker);
    give_from(waiting.below, most, to, may_leave_for_worker);
    left += most;
  }
  give_from(m_shared.below, left, to, leaves);
  for (worker_model& one : m_workers) give_from(one.nested, left, to, leaves);
}

}  // namespace torc::sim
