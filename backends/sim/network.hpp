// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <unordered_map>
#include <vector>

#include "backends/sim/agenda.hpp"
#include "backends/sim/random.hpp"
#include "core/protocol/transport.hpp"

namespace torc::sim {

using protocol::node_id;

/// How long messages take.
struct delays {
  enum class shape : std::uint8_t { constant, uniform, heavy_tailed, slow_link, slow_node };
  shape kind = shape::constant;
  nanoseconds typical{2000};
  nanoseconds per_kilobyte{100};
  int slow = 0;  ///< the node that is slow, or the node whose link to the next one is
};

/// The network between simulated nodes: any two messages of one pair keep their order, all others may overtake.
class network final : public actor {
 public:
  network(agenda& when, int num_nodes, const delays& how_long, std::uint64_t seed);

  /// What this node sends goes through it.
  protocol::outbox& port(node_id from) { return m_ports[base::index_of(from)]; }
  /// Whoever gets what is sent to this node; must live as long as messages are under way.
  void connect(node_id to, protocol::inbox& receiver) { m_receivers[base::index_of(to)] = &receiver; }

  std::uint64_t num_sent() const noexcept { return m_num_sent; }
  std::uint64_t num_sent(protocol::message_kind kind) const { return m_by_kind.at(static_cast<std::size_t>(kind)); }
  std::uint64_t num_under_way() const noexcept { return m_num_under_way; }

  /// Called for each message when it is sent.
  using watcher = std::function<void(node_id from, node_id to, const protocol::message& sent)>;
  void watch(watcher log) { m_watcher = std::move(log); }

  void act(std::uint64_t what) override;

 private:
  class port_of final : public protocol::outbox {
   public:
    port_of(network& net, node_id from) : m_network(net), m_from(from) {}
    void send(node_id to, const protocol::message& sent) override { m_network.send(m_from, to, sent); }

   private:
    network& m_network;
    node_id m_from;
  };
  struct parcel {
    node_id from{0};
    node_id to{0};
    protocol::message letter;
    std::vector<std::byte> bytes;
  };

  void send(node_id from, node_id to, const protocol::message& sent);
  nanoseconds delay(node_id from, node_id to, std::size_t bytes);

  agenda& m_agenda;
  const int m_num_nodes;
  const delays m_delays;
  random m_random;
  std::vector<port_of> m_ports;
  std::vector<protocol::inbox*> m_receivers;
  std::vector<parcel> m_parcels;
  std::vector<std::uint64_t> m_free_parcels;
  std::unordered_map<std::uint64_t, nanoseconds> m_last_arrivals;  ///< by pair
  std::array<std::uint64_t, protocol::num_message_kinds> m_by_kind{};
  std::uint64_t m_num_sent = 0;
  std::uint64_t m_num_under_way = 0;
  watcher m_watcher;
};

}  // namespace torc::sim
