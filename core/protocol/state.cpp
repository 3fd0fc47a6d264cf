// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors
#include "core/protocol/state.hpp"

#include "core/protocol/node.hpp"

namespace torc::protocol {

state node::look() {
  state found;
  std::vector<peer_state> peers(m_credits.size());
  m_away.for_each([&](std::uint64_t, const away& one) {
    if (one.holder == base::no_node) return;
    found.away.push_back({one.task, one.holder});
    ++peers[index_of(one.holder)].num_away;
  });
  m_guests.for_each([&](std::uint64_t, const guest& one) { ++peers[index_of(one.home)].num_guests; });
  for (const auto& [key, line] : m_limit_lanes) peers[index_of(key.receiver)].num_limited += line.num_waiting();
  for (std::size_t i = 0; i < peers.size(); ++i) {
    const credit& there = m_credits[i];
    peer_state& peer = peers[i];
    peer.node = node_id{static_cast<std::int32_t>(i)};
    for (const lane* each : there.lanes()) {
      peer.num_waiting += each->num_waiting();
      peer.is_asked_for_credit = peer.is_asked_for_credit || each->asked_for != 0;
    }
    peer.credit_bytes = there.left_bytes;
    if (peer.is_of_interest()) found.peers.push_back(peer);
  }
  found.is_stealing = m_is_stealing;
  found.asked_for_work = m_asked;
  for (std::size_t i = 0; i < m_lifelines.size(); ++i) {
    if (m_lifelines[i].told) found.lifelines.push_back(m_victims.lifelines()[i]);
  }
  for (const waiting_thief& one : m_waiting_thieves) found.waiting_thieves.push_back(one.thief);
  found.spmds.assign(m_spmd_queue.begin(), m_spmd_queue.end());
  found.spmd_requests = m_spmd_requests;
  found.num_sent = m_counted.sent;
  found.num_received = m_counted.received;
  found.is_shutting_down = m_termination.is_shutting_down;
  found.is_drained = m_termination.is_drained;
  return found;
}

}  // namespace torc::protocol
