// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors
#include <vector>

#include "core/protocol/node.hpp"

/// Tasks with a limit: they wait at home for places at their receiver (see limit_lane.hpp), and here for their units
/// (limit_places.hpp). They take no credit, and what waits for credit does not wait for them.
namespace torc::protocol {

// As a sender.

void node::place_limited(const waiting_task& task, node_id to, std::uint32_t limit) {
  limit_lane& joined = m_limit_lanes[{to, limit}];
  joined.lane_of(task.flags).tasks.push(task);
  ++m_num_waiting;
  // A place that is not used yet waits for what is being encoded, and this one is perhaps encoded sooner.
  if (joined.num_places > 0) {
    use_places({to, limit});
  } else {
    ask_places({to, limit}, joined);
  }
}

std::size_t node::num_waiting_for_places() const noexcept {
  std::size_t count = 0;
  for (const auto& [key, line] : m_limit_lanes) count += line.num_waiting();
  return count;
}

void node::ask_places(const lane_key& key, limit_lane& line) {
  if (const std::uint64_t requested = line.take_request(); requested > 0)
    send(key.receiver, {.kind = message_kind::ask_places, .workers = key.limit, .value = requested});
}

/// Sends as many tasks as there are places for, gives back the places for which there are no tasks, and asks for more.
void node::use_places(const lane_key& key) {
  const auto found = m_limit_lanes.find(key);
  if (found == m_limit_lanes.end()) return;
  limit_lane& line = found->second;
  for (lane* tasks : {&line.inner, &line.outer}) {
    while (line.num_places > 0) {
      prepare_next(*tasks, {.to = key.receiver, .limit = key.limit});
      if (tasks->ready.is_empty()) break;
      const waiting_task next = tasks->ready.pop();
      --m_num_waiting;
      payload encoded;
      const std::uint64_t name = depart(next, key.receiver, encoded);
      if (name == no_name) continue;
      --line.num_places;
      send(key.receiver, {.kind = message_kind::task,
                          .flags = next.flags,
                          .home = m_settings.self,
                          .workers = key.limit,
                          .id = name,
                          .value = line.take_request(),
                          .payload = encoded.bytes,
                          .buffer = encoded.buffer});
    }
  }
  if (const std::uint64_t left_over = line.take_surplus(); left_over > 0)
    send(key.receiver, {.kind = message_kind::return_places, .workers = key.limit, .value = left_over});
  ask_places(key, line);
  if (line.is_idle()) m_limit_lanes.erase(found);
}

void node::on_places(node_id from, const message& arrived) {
  const auto found = m_limit_lanes.find({from, arrived.workers});
  if (found == m_limit_lanes.end() || arrived.value == 0 || arrived.value > found->second.num_asked)
    fail(from, "places for tasks with a limit that it did not ask for");
  found->second.num_asked -= arrived.value;
  found->second.num_places += arrived.value;
  use_places(found->first);
}

/// What waits for places elsewhere is done here, if it would not only wait here for its units.
void node::keep_limited(std::uint32_t& kept) {
  std::vector<lane_key> changed;
  for (auto& [key, line] : m_limit_lanes) {
    if (kept >= m_settings.workers || m_local.lacks_units(key.limit)) continue;
    while (kept < m_settings.workers) {
      const auto task = withdraw_movable({&line.outer, &line.inner});
      if (!task) break;
      ++kept;
      m_local.keep(task->task);
      changed.push_back(key);
    }
  }
  for (const lane_key& key : changed) use_places(key);
}

/// A thief has places of its own: what waits for those of others waits for the thief's from now on. So it gets no more
/// tasks than it has places, however often it steals because they all lack their units.
void node::readdress_limited(node_id thief, std::uint32_t workers) {
  std::vector<lane_key> changed;
  for (auto& [key, line] : m_limit_lanes) {
    if (key.receiver == thief || m_local.lacks_units(key.limit)) continue;
    const lane_key own{thief, key.limit};
    for (;;) {
      const auto known = m_limit_lanes.find(own);
      if (known != m_limit_lanes.end() && known->second.num_waiting() >= workers) break;
      const auto task = withdraw_movable({&line.outer, &line.inner});
      if (!task) break;
      m_limit_lanes[own].lane_of(task->flags).tasks.push(*task);
      ++m_num_waiting;
      changed.push_back(key);
      changed.push_back(own);
    }
  }
  for (const lane_key& key : changed) use_places(key);
}

// As a receiver.

/// The limit whose place it has, if it has one.
std::optional<std::uint32_t> node::admit_limited(node_id from, const message& arrived) {
  if ((arrived.flags & message_flags::limited) == 0) return std::nullopt;
  if (!m_places.admit(from, arrived.workers)) fail(from, "a task with a limit for which it had no place");
  if (arrived.value > 0) want_places(from, arrived);
  return arrived.workers;
}

void node::want_places(node_id from, const message& arrived) {
  if (!m_places.ask(from, arrived.workers, arrived.value)) fail(from, "a wish for more places than it may ask for");
  grant_places(arrived.workers);
}

void node::on_return_places(node_id from, const message& arrived) {
  if (!m_places.give_back(from, arrived.workers, arrived.value)) fail(from, "more places than it had");
  grant_places(arrived.workers);
}

void node::grant_places(std::uint32_t limit) {
  while (const auto granted = m_places.next_grant(limit))
    send(granted->to, {.kind = message_kind::places, .workers = limit, .value = granted->count});
}

/// Its body has begun, or it is here no more.
void node::leave_place(guest& of) {
  if (!of.limit) return;
  const std::uint32_t limit = *of.limit;
  of.limit.reset();
  m_places.leave(limit);
  grant_places(limit);
}

}  // namespace torc::protocol
