// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors
#include <utility>
#include <vector>

#include "core/protocol/node.hpp"

/// Tasks that begun ones wait for. What keeps outer tasks out of a node, the bodies that have begun there and are not
/// over, may wait for just these: for units of a limit, say, whose holder waits for a task of the primary one. Inner
/// tasks are kept out by nothing but what is queued there, which begins. So the tasks whose futures a begun task waits
/// for are inner, whoever has submitted them. That is not known of what it waits for by way of another one: the sources
/// of a continuation that the primary task has made, and the tasks of an executor of the primary task.
namespace torc::protocol {

void node::awaited(task_ref task, bool has_departed) {
  for (const node_id to : m_backlogged) {
    if (!let_inner(m_rooms[index_of(to)], task, has_departed)) continue;
    send_waiting(to);
    return;
  }
}

/// False if it is not among those that wait, or perhaps is being encoded.
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
  for (const auto part : {&lane::ready, &lane::tasks}) {
    if (auto found = (from.*part).take(task)) {
      found->flags |= message_flags::inner;
      (to.*part).push(*found);
      return true;
    }
  }
  if (from.num_preparing > 0) there.awaited.push_back(task);
  return false;
}

/// The lane that a task goes on in that is encoded now.
lane& node::prepared_lane(room& there, task_ref task, std::uint8_t& flags) {
  lane& joined = there.lane_of(flags);
  if (&joined != &there.outer) return joined;
  const bool is_awaited = std::erase(there.awaited, task) > 0;
  if (joined.num_preparing == 1) there.awaited.clear();  // nothing else that these might be is left
  if (!is_awaited) return joined;
  flags |= message_flags::inner;
  --joined.num_preparing;
  ++there.inner.num_preparing;
  return there.inner;
}

}  // namespace torc::protocol
