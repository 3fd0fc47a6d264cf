// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors
#include "backends/sim/cluster.hpp"

#include <utility>

namespace torc::sim {

cluster::cluster(const cluster_options& options, const program& what)
    : m_options(options), m_network(m_agenda, options.num_nodes, options.network, options.seed) {
  m_spaces.of_workers = options.spaces_of_workers;
  m_ledger.units_in_use.resize(options.limits.size());
  m_spaces.nodes.resize(options.slots.front().size());
  for (int i = 0; i < options.num_nodes; ++i) {
    m_all_nodes.push_back(node_id{i});
    const auto& slots = slots_of(i);
    for (std::size_t space = 0; space < slots.size(); ++space) {
      if (slots[space] > 0) m_spaces.nodes[space].push_back(node_id{i});
    }
  }
  for (int i = 0; i < options.num_nodes; ++i) {
    node_options one;
    one.slots = slots_of(i);
    one.wake_delay = options.wake_delay;
    one.protocol.self = node_id{i};
    one.protocol.num_nodes = options.num_nodes;
    one.protocol.workers = options.workers[static_cast<std::size_t>(i) % options.workers.size()];
    for (int k = 0; k < options.num_nodes; ++k) {
      if (k != i && k / options.nodes_per_host == i / options.nodes_per_host) one.protocol.near.push_back(node_id{k});
    }
    for (std::size_t space = 0; space < one.slots.size(); ++space)
      one.protocol.spaces |= one.slots[space] > 0 ? bit_of(static_cast<int>(space)) : 0;
    one.protocol.with_space.resize(one.slots.size());
    for (std::size_t space = 0; space < one.slots.size(); ++space) {
      if (one.slots[space] > 0) one.protocol.with_space[space] = m_spaces.nodes[space];
    }
    one.protocol.budget_bytes = options.budget_bytes;
    one.protocol.steal_bytes = options.steal_bytes;
    one.protocol.is_stealing = options.is_stealing;
    one.protocol.seed = options.seed;
    m_nodes.push_back(
        std::make_unique<node_model>(one, job{m_agenda, m_network, m_ledger, what, m_spaces, m_options.limits}));
  }
  // As soon as a session runs, idle nodes look for work.
  for (const auto& one : m_nodes) call_after(nanoseconds(0), [&one] { one->start(); });
}

void cluster::submit_after(nanoseconds delay, int node, const task_spec& task) {
  at(node).expect_submission();
  call_after(delay, [this, node, task] { at(node).submit_expected(task); });
}

void cluster::abandon_after(nanoseconds delay) {
  call_after(delay, [this] {
    if (!at(0).has_ended()) at(0).abandon();
  });
}

void cluster::stop_after(nanoseconds delay, int node) {
  call_after(delay, [this, node] {
    if (!at(node).has_ended()) at(node).stop();
  });
}

void cluster::call_after(nanoseconds delay, std::function<void()> what) {
  m_calls.push_back(std::move(what));
  m_agenda.after(delay, *this, m_calls.size() - 1);
}

void cluster::act(std::uint64_t what) { m_calls[what](); }

std::string cluster::describe() const {
  std::string text = " at " + std::to_string(m_agenda.now().count()) + " ns with " +
                     std::to_string(m_network.num_under_way()) + " messages under way";
  for (const auto& one : m_nodes) text += "\n  " + one->describe();
  return text;
}

/// While nothing is under way, no node may lack what the next one has too much of: so work spreads to all that can do
/// it.
void cluster::check_demand() const {
  if (m_ledger.is_abandoned) return;
  check_demand(m_all_nodes, {.is_for_workers = true});
  for (std::size_t space = 0; space < m_spaces.nodes.size(); ++space)
    check_demand(m_spaces.nodes[space], {.is_for_workers = m_spaces.is_of_workers(static_cast<int>(space)),
                                         .spaces = bit_of(static_cast<int>(space))});
}

/// Of the nodes that have something in common.
void cluster::check_demand(const std::vector<node_id>& ring, const protocol::demand& of) const {
  for (std::size_t i = 0; i < ring.size(); ++i) {
    const node_model& thief = *m_nodes[base::index_of(ring[i])];
    const node_model& victim = *m_nodes[base::index_of(ring[(i + 1) % ring.size()])];
    const protocol::demand wants = thief.wants();
    const bool is_for_workers = of.is_for_workers && wants.is_for_workers;
    const std::uint64_t spaces = of.spaces & wants.spaces;
    if ((!is_for_workers && spaces == 0) || !thief.is_stealing() || !victim.is_stealing() || &thief == &victim)
      continue;
    const protocol::take_limits limits{
        .most_bytes = 1, .workers = is_for_workers ? thief.num_workers() : 0, .spaces = spaces};
    if (victim.num_to_give(limits) == 0) continue;
    throw broken("node " + std::to_string(number_of(ring[i])) + " starves for what node " +
                 std::to_string(number_of(ring[(i + 1) % ring.size()])) + " has too much of" + describe());
  }
}

void cluster::run(std::uint64_t most_events) {
  while (!m_agenda.is_empty()) {
    m_agenda.step();
    if (m_network.num_under_way() == 0 && m_ledger.num_preparing == 0 && m_agenda.is_at_rest()) check_demand();
    if (m_agenda.num_done() > most_events) throw broken("it does not come to an end" + describe());
  }
  std::uint64_t num_broadcasts = 0;
  for (const auto& one : m_nodes) {
    if (!one->has_ended()) throw broken("nothing is left to happen, and it has not ended" + describe());
    one->check_end();
    num_broadcasts += one->num_broadcasts();
  }
  demand(m_network.num_under_way() == 0, "messages are left");
  demand(m_ledger.num_over() == m_ledger.num_tasks(), "tasks are left");
  demand(num_broadcasts == m_ledger.num_late_forgets * static_cast<std::uint64_t>(m_options.num_nodes - 1),
         "broadcast values did not arrive, or were not forgotten", num_broadcasts);
}

}  // namespace torc::sim
