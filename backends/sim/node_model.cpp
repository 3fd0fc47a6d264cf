// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors
#include "backends/sim/node_model.hpp"

#include <algorithm>
#include <utility>

namespace torc::sim {

node_model::node_model(const node_options& options, const job& shared)
    : m_options(options),
      m_agenda(shared.when),
      m_network(shared.net),
      m_all(shared.all),
      m_program(shared.what),
      m_spaces(shared.spaces),
      m_limit_specs(shared.limits),
      m_random(options.protocol.seed ^ (base::index_of(options.protocol.self) + 1) << 20U),
      m_protocol(options.protocol, shared.net.port(options.protocol.self), *this),
      m_workers(options.protocol.workers),
      m_when_asked(~options.protocol.seed ^ (base::index_of(options.protocol.self) + 1) << 20U) {
  make_slots();
  shared.net.connect(options.protocol.self, *this);
}

void node_model::submit(const task_spec& task, bool is_primary) {
  record* const root = make_record(task, nullptr);
  if (is_primary) m_primary = root;
  if (m_is_abandoned) {
    complete(*root, outcome::cancelled);
  } else {
    root->is_movable = !is_primary;
    enqueue({.own = root, .task = root->task, .is_movable = root->is_movable});
  }
  settle();
}

void node_model::submit_expected(const task_spec& task) {
  --m_num_live;
  submit(task, false);
}

void node_model::abandon() {
  m_all.is_abandoned = true;
  m_protocol.abandon();
  settle();
}

void node_model::stop() {
  m_all.is_abandoned = true;
  m_is_abandoned = true;
  m_protocol.stop(stopping_signal);
  settle();
}

void node_model::receive(node_id from, const protocol::message& arrived) {
  m_from = from;
  m_protocol.receive(from, arrived);
  settle();
}

/// Does what callbacks may not do, and tells the state machine what has become of the node.
void node_model::settle() {
  do {
    if (std::exchange(m_is_stop_requested, false)) m_protocol.stop(stopping_signal);
    if (m_is_abandoned) sweep();
    while (!m_over.empty()) {
      execution* const body = m_over.back();
      m_over.pop_back();
      finish(*body);
    }
    if (m_is_primary_over) {
      m_is_primary_over = false;
      m_protocol.announce_return();
      m_protocol.shutdown(0);
    }
    if (m_is_shutting_down && !m_has_drained && m_num_live == 0) {
      m_has_drained = true;
      m_protocol.drained();
    }
    report();
    survey();
    if (m_has_ended) return;
    trade();
  } while (!m_over.empty());
}

/// Now and then somebody asks what all nodes do.
void node_model::report() {
  for (const node_id asker : std::exchange(m_askers, {})) {
    m_encoded.assign(m_when_asked.below(100), std::byte{1});
    m_protocol.answer_report(asker, {m_encoded});
  }
  if (m_is_asking && (m_num_missing == 0 || m_when_asked.chance(0.1))) {
    m_is_asking = false;
    m_num_missing = 0;
    m_protocol.end_report();
  } else if (!m_is_asking && m_options.protocol.num_nodes > 1 && m_when_asked.chance(0.001)) {
    m_is_asking = m_protocol.ask_report(0);
    if (m_is_asking) m_num_missing = static_cast<std::size_t>(m_options.protocol.num_nodes) - 1;
  }
}

/// Now and then node 0 asks how far all nodes are.
void node_model::survey() {
  if (m_options.protocol.self != base::first_node || m_is_shutting_down || !m_when_asked.chance(0.001)) return;
  const bool was_surveying = std::exchange(m_is_surveying, true);  // a node alone answers at once
  demand(m_protocol.survey() != was_surveying, "a survey was refused, or made beside another");
}

/// Until nothing comes of it: what is kept may be too much, and what is given away was perhaps for idle workers too.
void node_model::trade() {
  std::uint64_t num_sent = 0;
  do {
    num_sent = m_network.num_sent();
    if (starving_now()) m_protocol.starving({m_num_executed - m_num_executed_in_slots, m_num_executed_in_slots});
    if (has_surplus()) m_protocol.surplus();
  } while (m_network.num_sent() != num_sent);
}

/// Ends all that has not begun.
void node_model::sweep() {
  if (!m_are_waiting_swept) {
    m_are_waiting_swept = true;
    for (const auto& task : m_records) {
      if (task->where == record::place::waiting && task->ended_as == outcome::none) complete(*task, outcome::cancelled);
    }
  }
  const auto sweep_queue = [this](std::deque<queued_task>& tasks) {
    const auto swept = std::move(tasks);
    tasks.clear();
    for (queued_task task : swept) {
      release_units(task.task.limit, task.units);
      if (task.own != nullptr) {
        complete(*task.own, outcome::cancelled);
        continue;
      }
      if (task.is_stolen) m_stolen_bytes -= m_guests.at(task.guest).bytes;
      drop_guest(task.guest);
      m_protocol.finished(task.guest, protocol::message_flags::cancelled, {});
    }
  };
  // First, so that what the others give back does not let one of these begin.
  std::deque<queued_task> waiting;
  for (const auto& [ticket, task] : std::exchange(m_waiting_for_units, {})) waiting.push_back(task);
  forget_waiting();
  sweep_queue(waiting);
  for (ranked_tasks* tasks : {&m_shared, &m_pinned}) {
    sweep_queue(tasks->below);
    sweep_queue(tasks->rest);
  }
  sweep_queue(m_urgent);
  for (worker_model& one : m_workers) sweep_queue(one.nested);
  for (slot_tasks& tasks : m_slot_tasks) {
    sweep_queue(tasks.below);
    sweep_queue(tasks.others);
  }
}

/// Workers, and behind them the slots.
runner_model& node_model::runner(std::size_t number) {
  if (is_slot(number)) return slot(number);
  return m_workers[number];
}

void node_model::wake(std::size_t runner) {
  if (this->runner(runner).is_woken) return;
  this->runner(runner).is_woken = true;
  const std::int64_t most = m_options.wake_delay.count();
  m_agenda.after(
      nanoseconds(most == 0 ? 0 : static_cast<std::int64_t>(m_random.below(static_cast<std::uint64_t>(most)))), *this,
      runner * 2 + 1);
}

void node_model::wake_one() {
  for (std::size_t i = 0; i < m_workers.size(); ++i) {
    if (!m_workers[i].is_idle() || m_workers[i].is_woken) continue;
    wake(i);
    return;
  }
}

void node_model::enqueue(const queued_task& task) {
  if (task.task.is_urgent) {
    m_urgent.push_back(task);
    if (m_workers[0].is_idle()) wake(0);
    return;
  }
  if (task.task.space != no_space && has_slots(task.task.space)) {
    enqueue_for_slot(task);
    return;
  }
  (task.is_movable ? m_shared : m_pinned).push(task);
  wake_one();
}

void node_model::guest_begins(std::uint64_t guest) {
  guest_state& state = m_guests.at(guest);
  if (state.is_inner && !state.has_begun) m_queued_inner_bytes -= state.charged_bytes;
  state.has_begun = true;
  m_protocol.begun(guest);
}

void node_model::drop_guest(std::uint64_t guest) {
  const guest_state& state = m_guests.at(guest);
  if (!state.is_inner) m_outer_bytes -= state.charged_bytes;
  if (state.is_inner && !state.has_begun) m_queued_inner_bytes -= state.charged_bytes;
  m_guests.erase(guest);
}

bool node_model::remove_queued(const record* own, std::uint64_t guest) {
  const auto remove_from = [&](std::deque<queued_task>& tasks) {
    const auto found = std::find_if(tasks.begin(), tasks.end(), [&](const queued_task& task) {
      return own != nullptr ? task.own == own : task.own == nullptr && task.guest == guest;
    });
    if (found == tasks.end()) return false;
    if (found->is_stolen) m_stolen_bytes -= m_guests.at(guest).bytes;
    queued_task removed = *found;
    tasks.erase(found);
    release_units(removed.task.limit, removed.units);
    return true;
  };
  return remove_waiting(own, guest) || remove_from(m_shared.below) || remove_from(m_shared.rest) ||
         remove_from(m_pinned.below) || remove_from(m_pinned.rest) || remove_from(m_urgent) ||
         std::any_of(m_workers.begin(), m_workers.end(), [&](worker_model& one) { return remove_from(one.nested); }) ||
         std::any_of(m_slot_tasks.begin(), m_slot_tasks.end(),
                     [&](slot_tasks& tasks) { return remove_from(tasks.below) || remove_from(tasks.others); });
}

void node_model::check_end() const {
  const auto self = base::index_of(m_options.protocol.self);
  demand(m_has_ended && m_protocol.has_ended(), "a node did not end", self);
  demand(m_num_live == 0 && m_executions.empty() && m_fibers.empty(), "something is left on a node", self);
  demand(m_guests.empty() && m_protocol.num_guests() == 0, "guests are left on a node", self);
  demand(m_protocol.num_away() == 0 && m_protocol.num_waiting() == 0, "tasks of a node are left elsewhere", self);
  const protocol::demand wants = starving_now();
  demand(wants.is_for_workers && wants.spaces == own_spaces() && m_urgent.empty() && m_stolen_bytes == 0,
         "queued tasks or bodies are left on a node", self);
  for (const auto& task : m_records) {
    demand(task->ended_as != outcome::none, "a task did not complete", task->task.id);
    demand(!task->is_being_cancelled && task->cancellers.empty(), "a cancellation was not decided", task->task.id);
  }
  demand(m_outer_bytes == 0 && m_queued_inner_bytes == 0, "bytes of guests are left", self);
  demand(m_protocol.is_budget_whole(), "credit is left with a node", self);
  demand(m_protocol.are_places_whole(), "places for tasks with a limit are left with a node", self);
  demand(m_protocol.are_units_back(), "units of a limit were not given back", self);
  check_limits_at_end();
}

std::string node_model::describe() const {
  std::string text = "node " + std::to_string(number_of(m_options.protocol.self)) + ": live " +
                     std::to_string(m_num_live) + ", bodies " + std::to_string(m_executions.size()) + ", guests " +
                     std::to_string(m_protocol.num_guests()) + ", away " + std::to_string(m_protocol.num_away()) +
                     ", waiting for room " + std::to_string(m_protocol.num_waiting()) + ", queued " +
                     std::to_string(m_shared.size()) + "+" + std::to_string(m_pinned.size()) + "+" +
                     std::to_string(m_urgent.size());
  for (int space = 0; space < num_spaces(); ++space) {
    if (!has_slots(space)) continue;
    const slot_tasks& waiting = m_slot_tasks[static_cast<std::size_t>(space)];
    text += ", for space " + std::to_string(space) + " " + std::to_string(waiting.below.size()) + "+" +
            std::to_string(waiting.others.size()) + " (" + std::to_string(num_free_slots(space)) + " free slots)";
  }
  if (m_is_shutting_down) text += ", shutting down";
  if (m_has_drained) text += ", drained";
  if (m_has_ended) text += ", ended";
  return text;
}

}  // namespace torc::sim
