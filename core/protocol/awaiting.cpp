// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors
#include <algorithm>
#include <utility>
#include <vector>

#include "core/protocol/node.hpp"

/// Tasks that begun ones wait for. What keeps outer tasks out of a node, the bodies that have begun there and are not
/// over, may wait for just these: for units of a limit, say, whose holder waits for a task of the primary one. Inner
/// tasks are kept out by nothing but what is queued there, which begins. So the tasks whose futures a begun task waits
/// for are inner, whoever has submitted them; and so are those that it waits for by way of others: the sources of a
/// continuation (sched/wait/continuations), the tasks of an executor.
namespace torc::protocol {

void node::awaited(task_ref task, bool has_departed) {
  for (const node_id to : m_backlogged) {
    if (!let_inner(m_credits[index_of(to)], task, has_departed)) continue;
    send_waiting(to);
    return;
  }
}

void node::awaited(const std::function<bool(task_ref)>& is_awaited) {
  const std::vector<node_id> receivers = m_backlogged;
  for (const node_id to : receivers) {
    credit& there = m_credits[index_of(to)];
    std::vector<task_ref> found;
    for (const waiting_task& one : there.outer.preparing) {
      if (is_awaited(one.task)) found.push_back(one.task);
    }
    for (const backlog* part : {&there.outer.ready, &there.outer.tasks}) {
      const std::vector<task_ref> more = part->find_if(is_awaited);
      found.insert(found.end(), more.begin(), more.end());
    }
    if (there.outer.head && is_awaited(there.outer.head->task.task))
      let_inner(there, there.outer.head->task.task, true);
    for (const task_ref task : found) let_inner(there, task, false);
    send_waiting(to);
  }
}

/// False if it is not among those that wait.
bool node::let_inner(credit& there, task_ref task, bool has_departed) {
  lane& from = there.outer;
  const auto joined_by = [&there](waiting_task& moved) -> lane& {
    moved.flags |= message_flags::inner;
    return there.lane_of(moved.flags);
  };
  if (from.head && from.head->task.task == task) {
    // Its request stands until the next outer one is made, or nothing waits.
    packed_task head = *std::exchange(from.head, std::nullopt);
    joined_by(head.task).packed.push_back(std::move(head));
    return true;
  }
  if (has_departed) return false;
  const auto is_it = [task](const waiting_task& one) { return one.task == task; };
  if (const auto at = std::find_if(from.preparing.begin(), from.preparing.end(), is_it); at != from.preparing.end()) {
    waiting_task moved = *at;
    from.preparing.erase(at);
    joined_by(moved).preparing.push_back(moved);
    return true;
  }
  for (const auto part : {&lane::ready, &lane::tasks}) {
    if (auto found = (from.*part).take(task)) {
      (joined_by(*found).*part).push(*found);
      return true;
    }
  }
  return false;
}

/// The lane in which a task was encoded that has been placed with these flags; it may have been let inner since.
lane& node::prepared_lane(credit& there, task_ref task, std::uint8_t& flags) {
  lane& placed = there.lane_of(flags);
  const auto is_it = [task](const waiting_task& one) { return one.task == task; };
  if (std::any_of(placed.preparing.begin(), placed.preparing.end(), is_it)) return placed;
  flags |= message_flags::inner;
  return there.lane_of(flags);
}

}  // namespace torc::protocol
