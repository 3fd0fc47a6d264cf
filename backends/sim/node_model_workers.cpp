// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors
#include <algorithm>

#include "backends/sim/node_model.hpp"

/// How the simulated workers run bodies: like the scheduler's, with bodies of children on the stack of their parent.
namespace torc::sim {

void node_model::act(std::uint64_t what) {
  const std::size_t number = what / 2;
  runner_model& one = runner(number);
  if (what % 2 != 0) {
    one.is_woken = false;
  } else {
    go_on(*one.running);
  }
  if (one.running == nullptr) look_for_work(number);
  settle();
}

void node_model::look_for_work(std::size_t runner) {
  runner_model& one = this->runner(runner);
  while (one.running == nullptr) {
    queued_task task;
    if (runner != 0 || m_urgent.empty()) {
      if (!one.ready.empty()) {
        one.running = one.ready.front();
        one.ready.pop_front();
        go_on(*one.running);
        continue;
      }
      if (!(is_slot(runner) ? take_turn(slot(runner), task) : pick(runner, task))) return;
    } else {
      task = m_urgent.front();
      m_urgent.pop_front();
    }
    if (!acquire_units(task)) continue;
    auto made = std::make_unique<fiber>();
    fiber& on = *made;
    on.runner = runner;
    m_fibers.emplace(&on, std::move(made));
    one.running = &on;
    if (is_slot(runner)) take_slot(on);
    begin(task, on);
    go_on(on);
  }
}

bool node_model::pick(std::size_t worker, queued_task& task) {
  const auto take_front = [&](std::deque<queued_task>& from) {
    if (from.empty()) return false;
    task = from.front();
    from.pop_front();
    return true;
  };
  const auto take_back = [&](std::deque<queued_task>& from) {
    if (from.empty()) return false;
    task = from.back();
    from.pop_back();
    return true;
  };
  return take_back(m_pinned.below) || take_back(m_workers[worker].nested) || take_back(m_shared.below) ||
         std::any_of(m_workers.begin(), m_workers.end(), [&](worker_model& one) { return take_front(one.nested); }) ||
         take_front(m_pinned.rest) || take_front(m_shared.rest) || take_for_host(task);
}

void node_model::begin(const queued_task& task, fiber& on) {
  if (task.is_stolen) m_stolen_bytes -= m_guests.at(task.guest).bytes;
  demand(!m_is_abandoned, "a task began although all was abandoned", task.task.id);
  demand(task.task.cores <= m_options.protocol.workers, "a task came to a node with too few workers", task.task.id);
  const int space = task.task.space;
  demand(!needs_space(task.task) || has_space(space), "a device task came to a node without its space", task.task.id);
  demand(is_slot(on.runner) ? slot(on.runner).space == space : !needs_space(task.task) || !has_slots(space),
         "a task began where it does not belong", task.task.id);
  m_all.begin(task.task.id);
  ++m_num_executed;
  if (task.task.limit != no_limit) {
    demand(task.units == task.task.units, "a task began without its units", task.task.id);
    const limit_spec& limit = m_limit_specs[static_cast<std::size_t>(task.task.limit)];
    const std::int64_t here = m_limits.at(task.task.limit).num_in_use += task.units;
    const std::int64_t everywhere = m_all.units_in_use[static_cast<std::size_t>(task.task.limit)] += task.units;
    demand((limit.is_per_node ? here : everywhere) <= limit.capacity, "more units are in use than there are",
           task.task.id);
    ++m_all.num_limited;
  }
  if (is_slot(on.runner)) ++m_num_executed_in_slots;
  auto made = std::make_unique<execution>();
  execution& body = *made;
  body.own = task.own;
  body.guest = task.guest;
  body.task = task.task;
  body.units = task.units;
  body.on = &on;
  body.script = m_program.script(body.task);
  if (body.own != nullptr) body.own->where = record::place::begun;
  m_executions.emplace(&body, std::move(made));
  on.stack.push_back(&body);
  if (body.own == nullptr && (m_guests.at(body.guest).bytes > large_bytes || m_random.chance(0.3)))
    guest_begins(body.guest);
}

/// Until it computes, waits or is over.
void node_model::go_on(fiber& on) {
  while (!on.stack.empty()) {
    execution& body = *on.stack.back();
    if (is_held_up(on, body)) {
      if (&body != on.stack.back()) continue;  // a child has begun above it
      suspend(on);
      return;
    }
    if (body.next_step == body.script.size()) {
      return_from(on, body);
    } else if (run_step(on, body, body.script[body.next_step++])) {
      return;
    }
  }
  leave(on);
  m_fibers.erase(&on);
}

/// Its runner is free for something else.
void node_model::leave(fiber& on) {
  runner(on.runner).running = nullptr;
  if (!is_slot(on.runner)) return;
  if (on.is_suspended) {
    on.has_lent = true;
  } else {
    give_back_slot(on);
  }
  wake_slots(slot(on.runner).space);
}

bool node_model::is_held_up(fiber& on, execution& body) {
  if (body.is_blocked) return true;
  if (body.spmd == execution::turn::granted) place_spmd(body);
  if (body.spmd == execution::turn::taken) {
    if (body.num_spmd_left > 0) return true;
    body.spmd = execution::turn::none;
    --m_all.num_spmds;
    // As if all bodies had failed.
    for (int node = 0; node < m_options.protocol.num_nodes; ++node) {
      const node_id failed{node};
      if (failed != m_options.protocol.self) m_protocol.settle_spmd(failed);
    }
    m_protocol.release_spmd();
  }
  if (!body.is_waiting) return false;
  if (body.num_left > 0) {
    begin_child(on, body);
    return true;
  }
  body.is_waiting = false;
  forget(body);
  return false;
}

/// True if the worker is busy with it.
bool node_model::run_step(fiber& on, execution& body, const step& next) {
  switch (next.what) {
    case step::action::compute:
      m_busy_time += next.duration;
      m_agenda.after(next.duration, *this, on.runner * 2);
      return true;
    case step::action::spawn:
      spawn(body, next, on.runner);
      return false;
    case step::action::wait:
      body.is_waiting = true;
      return false;
    case step::action::cancel_child:
      if (!body.children.empty()) cancel(body, *body.children[next.number % body.children.size()]);
      return false;
    case step::action::cancel_stranger:
      cancel(body, *m_records[next.number % m_records.size()]);
      return false;
    case step::action::broadcast: {
      const std::vector<std::byte> value(next.number, static_cast<std::byte>(next.number));
      body.broadcasts.push_back(m_protocol.broadcast({value}));
      return false;
    }
    case step::action::set_stealing:
      m_protocol.set_stealing(next.number != 0);
      return false;
    case step::action::declare_limits:
      declare_limits(body);
      return false;
    case step::action::spmd:
      if (is_in_device(body.task)) return false;
      body.spmd = execution::turn::wanted;
      body.spmd_body = next;
      body.is_blocked = true;
      m_spmd_waiters.push_back(&body);
      m_protocol.acquire_spmd();
      return false;
  }
  return false;
}

void node_model::place_spmd(execution& body) {
  body.spmd = execution::turn::taken;
  step placed = body.spmd_body;
  placed.where = placement::pinned;
  placed.task.is_urgent = true;
  placed.task.cannot_be_encoded = false;
  body.num_spmd_left = static_cast<std::size_t>(m_options.protocol.num_nodes);
  for (int i = 0; i < m_options.protocol.num_nodes; ++i) {
    placed.number = static_cast<std::uint64_t>(i);
    spawn(body, placed, body.on->runner);
  }
}

/// The parent's newest child, if it is next on its worker and nothing more urgent is there.
void node_model::begin_child(fiber& on, const execution& parent) {
  if (is_slot(on.runner)) return;
  worker_model& one = m_workers[on.runner];
  if (!one.ready.empty() || (on.runner == 0 && !m_urgent.empty()) || one.nested.empty()) return;
  const queued_task child = one.nested.back();
  if (child.own == nullptr || child.own->parent != &parent || child.task.limit != no_limit) return;
  one.nested.pop_back();
  begin(child, on);
}

void node_model::return_from(fiber& on, execution& body) {
  on.stack.pop_back();
  body.on = nullptr;
  body.has_returned = true;
  forget(body);
  if (body.units > 0) {
    m_limits.at(body.task.limit).num_in_use -= body.units;
    m_all.units_in_use[static_cast<std::size_t>(body.task.limit)] -= body.units;
    release_units(body.task.limit, body.units);
  }
  if (body.num_left == 0) {
    finish(body);
  } else if (body.own == nullptr) {
    guest_begins(body.guest);
  }
}

void node_model::suspend(fiber& on) {
  on.is_suspended = true;
  leave(on);
  for (const execution* body : on.stack) {
    if (body->own != nullptr) continue;
    guest_begins(body->guest);
  }
}

/// If it is what its fiber waits for. Looks again at what holds it up, so it may be called too often.
void node_model::make_ready(execution& body) {
  fiber* const on = body.on;
  if (on == nullptr || !on->is_suspended || on->stack.back() != &body) return;
  on->is_suspended = false;
  if (is_slot(on->runner)) {
    resume_in_slot(*on);
    return;
  }
  m_workers[on->runner].ready.push_back(on);
  if (m_workers[on->runner].running == nullptr) wake(on->runner);
}

void node_model::cancel(execution& canceller, record& task) {
  task.was_to_be_cancelled = true;
  if (task.ended_as != outcome::none) return;
  switch (task.where) {
    case record::place::queued:
      demand(remove_queued(&task, 0), "a queued task is in no queue", task.task.id);
      complete(task, outcome::cancelled);
      return;
    case record::place::waiting:
      complete(task, outcome::cancelled);
      return;
    case record::place::away: {
      canceller.is_blocked = true;
      task.cancellers.push_back(&canceller);
      const bool is_first = !task.is_being_cancelled;
      task.is_being_cancelled = true;
      if (is_first || m_random.chance(0.5)) m_protocol.cancel(task.name);
      return;
    }
    case record::place::begun:
      return;
  }
}

void node_model::forget(execution& body) {
  for (const std::uint64_t id : body.broadcasts) {
    if (m_is_shutting_down) ++m_all.num_late_forgets;
    m_protocol.forget(id);
  }
  body.broadcasts.clear();
}

}  // namespace torc::sim
