// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors
#include "backends/sim/node_model.hpp"

/// The way of a task from its submission into a queue or away, and its end.
namespace torc::sim {

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

/// Where it goes first.
node_id node_model::place_for(const task_spec& task, placement where, std::uint64_t number) const {
  const bool is_nested = where == placement::nested || where == placement::nested_pinned;
  const node_id self = m_options.protocol.self;
  if (needs_space(task)) {
    if (is_nested && has_space(task.space)) return self;
    const auto& nodes = m_spaces.nodes[static_cast<std::size_t>(task.space)];
    return nodes[number % nodes.size()];
  }
  if (is_nested) return self;
  return node_id{static_cast<std::int32_t>(number % static_cast<std::uint64_t>(m_options.protocol.num_nodes))};
}

void node_model::spawn(execution& parent, const step& how, std::size_t runner) {
  record* const child = make_record(how.task, &parent);
  const bool is_placed = how.where == placement::placed || how.where == placement::pinned;
  const auto self = m_options.protocol.self;
  const node_id to = place_for(child->task, how.where, how.number);
  // Only what any node can run may be placed as movable; and here it must fit too.
  if (is_placed || child->task.cores > m_options.protocol.workers || child->task.space != no_space)
    child->task.cores = 1;
  child->is_movable = (how.where == placement::nested || how.where == placement::placed) && !child->task.is_urgent;
  child->task.is_pinned = !child->is_movable;
  child->task.is_below_device = is_in_device(parent.task);
  child->task.is_below_begun = parent.own == nullptr || parent.own != m_primary;
  child->task.limits_above = parent.task.limits_above;
  if (parent.task.limit != no_limit) child->task.limits_above |= bit_of(parent.task.limit);
  child->task.may_have_limits = parent.task.may_have_limits;
  // In one order only, so that no two wait for each other.
  if (!child->task.may_have_limits || is_in_device(child->task) ||
      (child->task.limit != no_limit && bit_of(child->task.limit) <= child->task.limits_above))
    child->task.limit = no_limit;
  if (m_is_abandoned) {
    complete(*child, outcome::cancelled);
  } else if (to != self) {
    child->where = record::place::waiting;
    std::uint8_t flags = 0;
    if (child->is_movable && !needs_space(child->task)) flags |= protocol::message_flags::movable;
    if (child->task.is_urgent) flags |= protocol::message_flags::urgent;
    if (is_below_holder(child->task)) {
      flags |= protocol::message_flags::nested;
    } else if (child->task.limit != no_limit) {
      flags |= protocol::message_flags::limited;
    }
    if (m_primary == nullptr || parent.own != m_primary) flags |= protocol::message_flags::inner;
    m_protocol.place(protocol::task_ref{reinterpret_cast<std::uintptr_t>(child)}, to, flags,
                     child->task.limit != no_limit ? static_cast<std::uint32_t>(child->task.limit) : 0);
  } else if (is_placed || child->task.is_urgent || is_slot(runner) ||
             (child->task.space != no_space && has_slots(child->task.space))) {
    enqueue({.own = child, .task = child->task, .is_movable = child->is_movable});
  } else {
    m_workers[runner].nested.push_back({.own = child, .task = child->task, .is_movable = child->is_movable});
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

}  // namespace torc::sim
