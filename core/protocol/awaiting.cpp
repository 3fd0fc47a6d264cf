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
/// continuation (sched/continuations), the tasks of an executor.
namespace torc::protocol {

void node::awaited(task_ref task, bool has_departed) {
  for (const node_id to : m_backlogged) {
    if (!let_inner(m_rooms[index_of(to)], task, has_departed)) continue;
    send_waiting(to);
    return;
  }
}

void node::awaited(const std::function<bool(task_ref)>& is_awaited) {
  const std::vector<node_id> receivers = m_backlogged;
  for (const node_id to : receivers) {
    room& there = m_rooms[index_of(to)];
    std::vector<task_ref> found = there.outer.preparing;
    std::erase_if(found, [&](task_ref task) { return !is_awaited(task); });
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
bool node::let_inner(room& there, task_ref task, bool has_departed) {
  lane& from = there.outer;
  lane& to = there.inner;
  if (from.head && from.head->task.task == task) {
    from.head->task.flags |= message_flags::inner;
    // Its request stands until the next outer one is made, or nothing waits.
    to.packed.push_back(*std::exchange(from.head, std::nullopt));
    return true;
  }
  if (has_departed) return false;
  if (std::erase(from.preparing, task) > 0) {
    to.preparing.push_back(task);
    return true;
  }
  for (const auto part : {&lane::ready, &lane::tasks}) {
    if (auto found = (from.*part).take(task)) {
      found->flags |= message_flags::inner;
      (to.*part).push(*found);
      return true;
    }
  }
  return false;
}

/// The lane in which a task was encoded that has been placed with these flags; it may have been let inner since.
lane& node::prepared_lane(room& there, task_ref task, std::uint8_t& flags) {
  lane& placed = there.lane_of(flags);
  if (std::find(placed.preparing.begin(), placed.preparing.end(), task) != placed.preparing.end()) return placed;
  flags |= message_flags::inner;
  return there.inner;
}

}  // namespace torc::protocol
