// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors
#include "backends/sim/node_model.hpp"

#include <algorithm>

namespace torc::sim {

node_model::node_model(const node_options& options, const job& shared)
    : m_options(options),
      m_agenda(shared.when),
      m_network(shared.net),
      m_all(shared.all),
      m_program(shared.what),
      m_random(options.protocol.seed ^ (base::index_of(options.protocol.self) + 1) << 20U),
      m_protocol(options.protocol, shared.net.port(options.protocol.self), *this),
      m_workers(options.protocol.workers),
      m_charged_bytes(static_cast<std::size_t>(options.protocol.num_nodes)) {
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

void node_model::receive(node_id from, const protocol::message& arrived) {
  m_from = from;
  m_protocol.receive(from, arrived);
  settle();
}

/// Does what callbacks may not do, and tells the state machine what has become of the node.
void node_model::settle() {
  do {
    if (m_is_abandoned) sweep();
    while (!m_over.empty()) {
      execution* const body = m_over.back();
      m_over.pop_back();
      finish(*body);
    }
    if (m_is_primary_over) {
      m_is_primary_over = false;
      m_protocol.shutdown(0);
    }
    if (m_is_shutting_down && !m_has_drained && m_num_live == 0) {
      m_has_drained = true;
      m_protocol.drained();
    }
    if (m_has_ended) return;
    if (is_starving()) {
      m_protocol.starving({.workers = m_num_executed});
    } else if (m_is_watching && has_queued() && !has_idle()) {
      m_protocol.surplus();
    }
  } while (!m_over.empty());
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
    for (const queued_task& task : swept) {
      if (task.own != nullptr) {
        complete(*task.own, outcome::cancelled);
        continue;
      }
      if (task.is_stolen) m_stolen_bytes -= m_guests.at(task.guest).bytes;
      drop_guest(task.guest);
      m_protocol.finished(task.guest, protocol::message_flags::cancelled, {});
    }
  };
  sweep_queue(m_arrived);
  sweep_queue(m_pinned);
  sweep_queue(m_urgent);
  for (worker_model& one : m_workers) sweep_queue(one.nested);
}

bool node_model::has_queued() const noexcept {
  return !m_arrived.empty() || !m_pinned.empty() ||
         std::any_of(m_workers.begin(), m_workers.end(), [](const worker_model& one) { return !one.nested.empty(); });
}

bool node_model::has_idle() const noexcept {
  return std::any_of(m_workers.begin(), m_workers.end(), [this](const worker_model& one) { return is_idle(one); });
}

void node_model::wake(std::size_t worker) {
  if (m_workers[worker].is_woken) return;
  m_workers[worker].is_woken = true;
  const std::int64_t most = m_options.wake_delay.count();
  m_agenda.after(
      nanoseconds(most == 0 ? 0 : static_cast<std::int64_t>(m_random.below(static_cast<std::uint64_t>(most)))), *this,
      worker * 2 + 1);
}

void node_model::wake_one() {
  for (std::size_t i = 0; i < m_workers.size(); ++i) {
    if (!is_idle(m_workers[i]) || m_workers[i].is_woken) continue;
    wake(i);
    return;
  }
}

void node_model::enqueue(const queued_task& task) {
  if (task.task.is_urgent) {
    m_urgent.push_back(task);
    if (is_idle(m_workers[0])) wake(0);
    return;
  }
  (task.is_movable ? m_arrived : m_pinned).push_back(task);
  wake_one();
}

record* node_model::make_record(const task_spec& task, execution* parent) {
  m_records.push_back(std::make_unique<record>());
  record* const made = m_records.back().get();
  made->task = task;
  made->task.id = m_all.enter();
  made->parent = parent;
  if (parent != nullptr) {
    parent->children.push_back(made);
    ++parent->num_left;
  }
  ++m_num_live;
  return made;
}

void node_model::spawn(execution& parent, const step& how, std::size_t worker) {
  record* const child = make_record(how.task, &parent);
  const bool is_placed = how.where == placement::placed || how.where == placement::pinned;
  const auto self = m_options.protocol.self;
  const node_id to{static_cast<std::int32_t>(how.number % static_cast<std::uint64_t>(m_options.protocol.num_nodes))};
  // Only what any node can run may be placed as movable; and here it must fit too.
  if (is_placed || child->task.cores > m_options.protocol.workers) child->task.cores = 1;
  child->is_movable = (how.where == placement::nested || how.where == placement::placed) && !child->task.is_urgent;
  if (m_is_abandoned) {
    complete(*child, outcome::cancelled);
  } else if (is_placed && to != self) {
    child->where = record::place::waiting;
    std::uint8_t flags = child->is_movable ? protocol::message_flags::movable : std::uint8_t{0};
    if (child->task.is_urgent) flags |= protocol::message_flags::urgent;
    m_protocol.place(protocol::task_ref{reinterpret_cast<std::uintptr_t>(child)}, to, flags);
  } else if (is_placed || child->task.is_urgent) {
    enqueue({.own = child, .task = child->task, .is_movable = child->is_movable});
  } else {
    m_workers[worker].nested.push_back({.own = child, .task = child->task, .is_movable = child->is_movable});
    wake_one();
  }
}

void node_model::complete(record& task, outcome how) {
  const std::uint64_t id = task.task.id;
  demand(task.ended_as == outcome::none, "a task completed a second time at its home", id);
  m_all.finish(id);
  task.ended_as = how;
  const bool has_begun = m_all.has_begun(id);
  if (how == outcome::cancelled) {
    demand(!has_begun, "a task was cancelled after it had begun", id);
    demand(task.was_to_be_cancelled || m_all.is_abandoned, "a task was cancelled that nobody cancelled", id);
    ++m_all.num_cancelled;
  } else if (how == outcome::value) {
    demand(has_begun && !task.task.throws, "a task has a value that it cannot have", id);
  } else {
    demand(has_begun ? task.task.throws : task.task.cannot_be_encoded, "a task failed that cannot", id);
  }
  --m_num_live;
  if (&task == m_primary) m_is_primary_over = true;
  if (task.parent == nullptr) return;
  execution& parent = *task.parent;
  if (task.task.is_urgent && --parent.num_spmd_left == 0) make_ready(parent);
  if (--parent.num_left > 0) return;
  if (parent.has_returned) {
    m_over.push_back(&parent);
  } else if (parent.is_waiting) {
    make_ready(parent);
  }
}

void node_model::finish(execution& body) {
  const auto how = body.task.throws ? outcome::failure : outcome::value;
  if (body.own != nullptr) {
    complete(*body.own, how);
  } else {
    drop_guest(body.guest);
    m_encoded = encode_result(body.task);
    m_protocol.finished(body.guest, how == outcome::failure ? protocol::message_flags::failed : std::uint8_t{0},
                        {m_encoded, &m_encoded});
  }
  m_executions.erase(&body);
}

void node_model::give_back_credit(std::uint64_t guest) {
  guest_state& state = m_guests.at(guest);
  if (state.charged_bytes > 0) m_charged_bytes[base::index_of(state.from)] -= state.charged_bytes;
  state.charged_bytes = 0;
}

void node_model::drop_guest(std::uint64_t guest) {
  give_back_credit(guest);
  m_guests.erase(guest);
}

bool node_model::remove_queued(const record* own, std::uint64_t guest) {
  const auto remove_from = [&](std::deque<queued_task>& tasks) {
    const auto found = std::find_if(tasks.begin(), tasks.end(), [&](const queued_task& task) {
      return own != nullptr ? task.own == own : task.own == nullptr && task.guest == guest;
    });
    if (found == tasks.end()) return false;
    if (found->is_stolen) m_stolen_bytes -= m_guests.at(guest).bytes;
    tasks.erase(found);
    return true;
  };
  return remove_from(m_arrived) || remove_from(m_pinned) || remove_from(m_urgent) ||
         std::any_of(m_workers.begin(), m_workers.end(), [&](worker_model& one) { return remove_from(one.nested); });
}

void node_model::check_end() const {
  const auto self = base::index_of(m_options.protocol.self);
  demand(m_has_ended && m_protocol.has_ended(), "a node did not end", self);
  demand(m_num_live == 0 && m_executions.empty() && m_fibers.empty(), "something is left on a node", self);
  demand(m_guests.empty() && m_protocol.num_guests() == 0, "guests are left on a node", self);
  demand(m_protocol.num_away() == 0 && m_protocol.num_waiting() == 0, "tasks of a node are left elsewhere", self);
  demand(!has_queued() && m_urgent.empty() && m_stolen_bytes == 0, "queued tasks are left on a node", self);
  for (const auto& task : m_records) {
    demand(task->ended_as != outcome::none, "a task did not complete", task->task.id);
    demand(!task->is_being_cancelled && task->cancellers.empty(), "a cancellation was not decided", task->task.id);
  }
  for (const std::int64_t bytes : m_charged_bytes) demand(bytes == 0, "credit is left with a node", self);
}

std::string node_model::describe() const {
  std::string text = "node " + std::to_string(number_of(m_options.protocol.self)) + ": live " +
                     std::to_string(m_num_live) + ", bodies " + std::to_string(m_executions.size()) + ", guests " +
                     std::to_string(m_protocol.num_guests()) + ", away " + std::to_string(m_protocol.num_away()) +
                     ", waiting for room " + std::to_string(m_protocol.num_waiting()) + ", queued " +
                     std::to_string(m_arrived.size()) + "+" + std::to_string(m_pinned.size()) + "+" +
                     std::to_string(m_urgent.size());
  if (m_is_shutting_down) text += ", shutting down";
  if (m_has_drained) text += ", drained";
  if (m_has_ended) text += ", ended";
  return text;
}

}  // namespace torc::sim
