// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors
#include <algorithm>
#include <string>
#include <utility>

#include "backends/sim/node_model.hpp"

/// Counting limits: a task that is about to begin takes its units, or waits for them without a worker.
namespace torc::sim {

void node_model::declare_limits(execution& body) {
  body.num_undeclared = m_limit_specs.size();
  body.is_blocked = body.num_undeclared > 0;
  for (std::size_t i = 0; i < m_limit_specs.size(); ++i) {
    const std::uint64_t request = m_next_declaration++;
    m_declarers.emplace(request, &body);
    m_protocol.declare_limit(request, std::to_string(i), static_cast<std::uint64_t>(m_limit_specs[i].capacity),
                             m_limit_specs[i].is_per_node);
  }
}

void node_model::limit_declared(std::uint32_t number, const std::string& name, std::uint64_t capacity,
                                bool is_per_node) {
  const limit_spec& requested = m_limit_specs.at(number);
  demand(name == std::to_string(number) && static_cast<std::int64_t>(capacity) == requested.capacity &&
             is_per_node == requested.is_per_node,
         "a limit is known as another one", number);
  limit_model& known = m_limits[static_cast<int>(number)];
  known.is_per_node = is_per_node;
  known.line.set_capacity(requested.capacity);
}

void node_model::limit_settled(std::uint64_t request, bool is_declared) {
  demand(is_declared && m_declarers.count(request) == 1, "a limit was refused, or declared twice", request);
  execution& body = *m_declarers.at(request);
  m_declarers.erase(request);
  if (--body.num_undeclared > 0) return;
  body.is_blocked = false;
  make_ready(body);
}

/// False if it has to wait: then it comes back to a queue with its units.
bool node_model::acquire_units(queued_task& task) {
  if (task.task.limit == no_limit || task.units > 0) return true;
  demand(m_limits.count(task.task.limit) == 1, "a task came where its limit is not known", task.task.id);
  limit_model& of = m_limits.at(task.task.limit);
  // Whoever waits for units has no worker, which may steal again: such tasks are not bounded.
  if (std::exchange(task.is_stolen, false)) m_stolen_bytes -= m_guests.at(task.guest).bytes;
  const std::uint64_t ticket = m_next_ticket++;
  m_waiting_for_units.emplace(ticket, task);
  if (of.is_per_node) {
    of.line.ask(ticket, task.task.units);
    hand_on(of);
  } else {
    m_protocol.ask_for_units(static_cast<std::uint32_t>(task.task.limit), task.task.units, ticket);
  }
  return false;
}

/// Of a body that is over, or of a queued task that will not begin.
void node_model::release_units(int limit, std::int64_t& units) {
  const std::int64_t back = std::exchange(units, 0);
  if (back == 0) return;
  limit_model& of = m_limits.at(limit);
  if (of.is_per_node) {
    of.line.give_back(back);
    hand_on(of);
  } else {
    m_protocol.give_units_back(static_cast<std::uint32_t>(limit), static_cast<std::uint32_t>(back));
  }
}

/// Units that this node counts.
void node_model::hand_on(limit_model& of) {
  while (const auto next = of.line.next()) {
    if (!receive_units(next->to, next->units)) of.line.give_back(next->units);
  }
}

/// The task goes before all that has not begun, and stays here. False if it is not here any more.
bool node_model::receive_units(std::uint64_t ticket, std::int64_t units) {
  demand(ticket < m_next_ticket, "units came for a task that did not ask for them", ticket);
  const auto found = m_waiting_for_units.find(ticket);
  if (found == m_waiting_for_units.end()) return false;
  queued_task task = found->second;
  m_waiting_for_units.erase(found);
  task.units = units;
  task.is_movable = false;
  if (task.task.is_below_begun) {
    m_pinned.below.push_back(task);
  } else {
    m_pinned.rest.push_front(task);
  }
  wake_one();
  return true;
}

bool node_model::lacks_units(std::uint32_t limit) {
  return std::any_of(m_waiting_for_units.begin(), m_waiting_for_units.end(),
                     [limit](const auto& waiting) { return waiting.second.task.limit == static_cast<int>(limit); });
}

/// Those in the lines of this node are not here any more, as receive_units will find.
void node_model::forget_waiting() {
  for (auto& [number, of] : m_limits) {
    if (of.is_per_node) hand_on(of);
  }
}

bool node_model::remove_waiting(const record* own, std::uint64_t guest) {
  const auto found = std::find_if(m_waiting_for_units.begin(), m_waiting_for_units.end(), [&](const auto& waiting) {
    const queued_task& task = waiting.second;
    return own != nullptr ? task.own == own : task.own == nullptr && task.guest == guest;
  });
  if (found == m_waiting_for_units.end()) return false;
  const int limit = found->second.task.limit;
  m_waiting_for_units.erase(found);
  if (m_limits.at(limit).is_per_node) hand_on(m_limits.at(limit));
  return true;
}

void node_model::check_limits_at_end() const {
  demand(m_waiting_for_units.empty() && m_declarers.empty(), "tasks wait for units or limits at the end");
  for (const auto& [number, of] : m_limits)
    demand(of.num_in_use == 0 && of.line.in_use() == 0, "units of a limit are left",
           static_cast<std::uint64_t>(number));
}

}  // namespace torc::sim
