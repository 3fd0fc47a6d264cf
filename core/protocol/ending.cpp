// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors
#include <optional>
#include <utility>
#include <vector>

#include "core/protocol/node.hpp"

/// The end of a session (see termination.hpp), and the other things that one node decides or all must hear of.
namespace torc::protocol {

void node::abandon() {
  if (!m_tree.is_root()) throw violation("only node 0 runs the primary task, so only it can abandon the others");
  pass_on({.kind = message_kind::abandon}, base::first_node, [this] { m_local.abandoned(); });
}

void node::stop(std::uint64_t signal) {
  // Whoever has counted may not send on its own account, and nothing is left that could be stopped.
  if (m_termination.is_shutting_down || m_is_stopped) return;
  const message order{.kind = message_kind::stop, .value = signal};
  if (m_tree.is_root()) {
    m_is_stopped = true;
    pass_on(order, base::first_node, [&] { m_local.stopped(signal); });
  } else {
    send(base::first_node, order);
  }
}

void node::on_stop(node_id from, const message& arrived) {
  if (m_tree.is_root()) return m_local.stop_requested(arrived.value);
  check_way(from, base::first_node);
  if (m_is_stopped) fail(from, "a second order to stop");
  m_is_stopped = true;
  pass_on(arrived, base::first_node, [&] { m_local.stopped(arrived.value); });
}

// It may have departed, so that nobody else can end it, and who would make credit for it may wait for it.
void node::give_up_waiting() {
  const auto give_up_all = [this](lane& line) {
    const auto give_up_held = [this](const packed_task& held) {
      --m_num_waiting;
      m_away.erase(held.name);
      m_local.completed(held.task.task, m_settings.self, message_flags::cancelled, {});
    };
    if (const auto head = std::exchange(line.head, std::nullopt)) give_up_held(*head);
    for (const packed_task& held : std::exchange(line.packed, {})) give_up_held(held);
    for (backlog* part : {&line.ready, &line.tasks}) {
      while (!part->is_empty()) {
        --m_num_waiting;
        payload unused;
        if (depart(part->pop(), m_settings.self, unused) != no_name)
          throw violation("a task was to leave though the session is being stopped");
      }
    }
  };
  const std::vector<node_id> receivers = m_backlogged;
  for (const node_id to : receivers) {
    for (lane* line : m_credits[index_of(to)].lanes()) give_up_all(*line);
  }
  settle_withdrawn(receivers);
  std::vector<lane_key> limited;
  for (auto& [key, line] : m_limit_lanes) {
    for (lane* part : {&line.inner, &line.outer}) give_up_all(*part);
    limited.push_back(key);
  }
  for (const lane_key& key : limited) use_places(key);
}

void node::announce_return() {
  if (!m_tree.is_root()) throw violation("only node 0 runs the primary task, so only it can say that it has returned");
  pass_on({.kind = message_kind::returned}, base::first_node, [this] { m_local.primary_returned(); });
}

std::uint64_t node::broadcast(payload value) {
  const std::uint64_t id = m_next_broadcast++;
  pass_on({.kind = message_kind::broadcast, .home = m_settings.self, .id = id, .payload = value.bytes}, m_settings.self,
          [] {});
  return id;
}

void node::forget(std::uint64_t broadcast_id) {
  // Handles are dropped late, and whoever has counted may not send on its own account. All is forgotten at the end.
  if (m_termination.is_shutting_down) return;
  pass_on({.kind = message_kind::forget, .home = m_settings.self, .id = broadcast_id}, m_settings.self, [] {});
}

// Turns of spmd.

void node::acquire_spmd() {
  if (m_tree.is_root()) {
    on_spmd_acquire(m_settings.self);
  } else {
    ++m_spmd_requests;
    send(base::first_node, {.kind = message_kind::spmd_acquire});
  }
}

void node::release_spmd() {
  if (m_tree.is_root()) {
    on_spmd_release(m_settings.self);
  } else {
    send(base::first_node, {.kind = message_kind::spmd_release});
  }
}

void node::settle_spmd(node_id failed) { send(failed, {.kind = message_kind::spmd_settled}); }

void node::on_spmd_acquire(node_id from) {
  if (!m_tree.is_root()) fail(from, "a wish for an spmd that is node 0's to grant");
  m_spmd_queue.push_back(from);
  if (m_spmd_queue.size() > 1) return;
  grant_spmd();
}

void node::on_spmd_grant(node_id from) {
  if (from != base::first_node || m_spmd_requests == 0) fail(from, "a turn for an spmd that it did not ask for");
  --m_spmd_requests;
  m_local.spmd_granted();
}

void node::on_spmd_release(node_id from) {
  if (m_spmd_queue.empty() || m_spmd_queue.front() != from) fail(from, "the end of an spmd that is not its own");
  m_spmd_queue.pop_front();
  if (!m_spmd_queue.empty()) grant_spmd();
}

void node::grant_spmd() {
  const node_id next = m_spmd_queue.front();
  if (next == m_settings.self) {
    m_local.spmd_granted();
  } else {
    send(next, {.kind = message_kind::spmd_grant});
  }
}

// The end.

void node::shutdown(std::uint64_t status) {
  on_ending(m_settings.self, {.kind = message_kind::shutdown, .value = status});
}

void node::drained() {
  m_termination.is_drained = true;
  count();
}

/// News comes from the parent in the tree; its root has itself as parent.
void node::check_way(node_id from, node_id root) const {
  if (from != tree(m_settings.self, m_settings.num_nodes, root).parent())
    fail(from, "news that should come along the tree");
}

void node::on_ending(node_id from, const message& arrived) {
  if (arrived.kind != message_kind::tally) check_way(from, base::first_node);
  switch (arrived.kind) {
    case message_kind::shutdown:
      if (m_termination.is_shutting_down) fail(from, "a second shutdown");
      m_termination.is_shutting_down = true;
      watch();
      begin_round();
      return pass_on(arrived, base::first_node, [&] { m_local.shutting_down(arrived.value); });
    case message_kind::tally_request:
      if (!m_termination.is_shutting_down || m_termination.is_counting)
        fail(from, "a request to count at the wrong time");
      begin_round();
      return pass_on(arrived, base::first_node, [&] { count(); });
    case message_kind::tally:
      if (tree(from, m_settings.num_nodes).parent() != m_settings.self || m_termination.missing_children == 0)
        fail(from, "sums that it has not asked for");
      m_termination.below.sent += arrived.value;
      m_termination.below.received += arrived.id;
      --m_termination.missing_children;
      return count();
    default:
      if (!m_termination.is_shutting_down || m_termination.is_counting) fail(from, "the end at the wrong time");
      return end(arrived);
  }
}

void node::begin_round() {
  m_termination.is_counting = true;
  m_termination.missing_children = m_tree.num_children();
  m_termination.below = {};
}

/// Answers, once everything that it needs is there.
void node::count() {
  if (!m_termination.is_counting || !m_termination.is_drained || m_termination.missing_children > 0) return;
  if (m_asked != base::no_node || m_deliveries.size() > 0 || m_num_preparing > 0)
    return;  // something will come, or be sent
  m_termination.is_counting = false;
  const tally_sums sums{m_termination.below.sent + m_counted.sent, m_termination.below.received + m_counted.received};
  if (!m_tree.is_root()) {
    send(m_tree.parent(), {.kind = message_kind::tally, .id = sums.received, .value = sums.sent});
    return;
  }
  const bool is_over = m_termination.has_last && sums == m_termination.last && sums.sent == sums.received;
  m_termination.last = sums;
  m_termination.has_last = true;
  if (is_over) {
    end({.kind = message_kind::end});
  } else {
    begin_round();
    m_tree.for_each_child([this](node_id child) { send(child, {.kind = message_kind::tally_request}); });
    if (m_tree.num_children() == 0) count();
  }
}

void node::end(const message& news) {
  m_termination.has_ended = true;
  pass_on(news, base::first_node, [this] { m_local.ended(); });
}

}  // namespace torc::protocol
