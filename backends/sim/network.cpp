// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors
#include "backends/sim/network.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

namespace torc::sim {
namespace {

/// From here on a message takes the sender's buffer instead of copying it, as backends may.
constexpr std::size_t large_bytes = 1024;

/// How much slower what is slow is.
constexpr int slowness = 50;

}  // namespace

network::network(agenda& when, int num_nodes, const delays& how_long, std::uint64_t seed)
    : m_agenda(when),
      m_num_nodes(num_nodes),
      m_delays(how_long),
      m_random(seed),
      m_receivers(static_cast<std::size_t>(num_nodes)) {
  m_ports.reserve(static_cast<std::size_t>(num_nodes));
  for (int i = 0; i < num_nodes; ++i) m_ports.emplace_back(*this, node_id{i});
}

nanoseconds network::delay(node_id from, node_id to, std::size_t bytes) {
  const auto scaled = [&](double factor) {
    return nanoseconds(static_cast<std::int64_t>(static_cast<double>(m_delays.typical.count()) * factor));
  };
  const nanoseconds transfer = m_delays.per_kilobyte * static_cast<std::int64_t>(bytes) / 1024;
  const auto base_delay = [&]() -> nanoseconds {
    switch (m_delays.kind) {
      case delays::shape::constant:
        return m_delays.typical;
      case delays::shape::uniform:
        return scaled(2 * m_random.uniform());
      case delays::shape::heavy_tailed:
        return scaled(std::min(0.3 * std::pow(1 - m_random.uniform(), -1.0), 1000.0));
      case delays::shape::slow_link: {
        const bool is_slow = number_of(from) == m_delays.slow && number_of(to) == (m_delays.slow + 1) % m_num_nodes;
        return scaled((is_slow ? slowness : 1) * (0.5 + m_random.uniform()));
      }
      case delays::shape::slow_node: {
        const bool is_slow = number_of(from) == m_delays.slow || number_of(to) == m_delays.slow;
        return scaled((is_slow ? slowness : 1) * (0.5 + m_random.uniform()));
      }
    }
    return m_delays.typical;
  };
  return base_delay() + transfer;
}

void network::send(node_id from, node_id to, const protocol::message& sent) {
  if (m_watcher) m_watcher(from, to, sent);
  ++m_num_sent;
  ++m_num_under_way;
  ++m_by_kind.at(static_cast<std::size_t>(sent.kind));

  std::uint64_t index = m_parcels.size();
  if (m_free_parcels.empty()) {
    m_parcels.emplace_back();
  } else {
    index = m_free_parcels.back();
    m_free_parcels.pop_back();
  }
  parcel& sealed = m_parcels[index];
  sealed.from = from;
  sealed.to = to;
  sealed.letter = sent;
  if (sent.buffer != nullptr && sent.payload.size() >= large_bytes) {
    sealed.bytes = std::move(*sent.buffer);
    sent.buffer->clear();
  } else {
    sealed.bytes.assign(sent.payload.begin(), sent.payload.end());
  }

  const std::uint64_t pair = std::uint64_t{base::index_of(from)} << 32U | base::index_of(to);
  nanoseconds& last = m_last_arrivals[pair];
  last = std::max(last, m_agenda.now() + delay(from, to, sealed.bytes.size()));
  m_agenda.after(last - m_agenda.now(), *this, index);
}

void network::act(std::uint64_t what) {
  parcel opened = std::move(m_parcels[what]);
  m_free_parcels.push_back(what);
  --m_num_under_way;
  opened.letter.payload = opened.bytes;
  opened.letter.buffer = &opened.bytes;
  m_receivers[base::index_of(opened.to)]->receive(opened.from, opened.letter);
}

}  // namespace torc::sim
