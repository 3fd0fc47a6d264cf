// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/protocol/message.hpp"

namespace torc::protocol {

/// Where messages leave a node's state machine.
class outbox {
 public:
  /// Copies the payload, or takes the buffer of a large one. Never blocks.
  virtual void send(node_id to, const message& sent) = 0;

 protected:
  ~outbox() = default;
};

/// Who is told what arrived.
class inbox {
 public:
  virtual void receive(node_id from, const message& arrived) = 0;

 protected:
  ~inbox() = default;
};

/// The network between the nodes of a job. One thread at a time calls it, except where said. Nothing blocks but
/// all_gather and sleep. Failures throw torc::transport_error.
class transport : public outbox {
 public:
  virtual ~transport() = default;

  virtual node_id self() const noexcept = 0;
  virtual int num_nodes() const noexcept = 0;
  /// Whether the application may use the network library on one thread while another one calls this.
  virtual bool may_overlap() const noexcept = 0;
  /// Name of each node's host.
  virtual const std::vector<std::string>& hosts() const noexcept = 0;

  /// What the tasks of all other nodes may take of one node's memory; the same on all nodes.
  virtual std::int64_t budget_bytes() const noexcept { return std::int64_t{64} << 20U; }

  /// Hands what was sent to the network, messages to one node together.
  virtual void flush() = 0;
  /// Delivers what has arrived, in order for each sender; false if there was nothing. Messages may be sent meanwhile.
  virtual bool poll(inbox& receiver) = 0;
  /// Whether nothing sent is still on its way out of this node.
  virtual bool is_flushed() const noexcept = 0;

  /// Says that this node has come to the next meeting, to be called again until it is true: all have come then. Each
  /// node comes to as many meetings, one after the other.
  virtual bool meet() = 0;

  /// Everybody's bytes, in the order of the nodes. **Collective, blocking** (without holding a core).
  virtual std::vector<std::vector<std::byte>> all_gather(std::span<const std::byte> mine) = 0;

  // The doorbell. A thread of this node that polls no more sleeps until another node has sent something, or until
  // `ring`, or the time is over. While some thread of the node is polling anyway nobody needs to ring.

  /// One more thread polls now and then; the first one switches the doorbell off. Thread-safe.
  virtual void begin_polling() noexcept = 0;
  /// One thread less; true if it was the last one, which has switched the doorbell on and must poll once more before it
  /// sleeps. Thread-safe.
  virtual bool end_polling() noexcept = 0;
  /// By one thread at a time, which need not hold the role. Returns early when rung.
  virtual void sleep(std::chrono::nanoseconds longest) noexcept = 0;
  /// Wakes the thread that sleeps here, if any. Thread-safe.
  virtual void ring() noexcept = 0;
  /// Whether every other node can ring this one (all on one host): then sleep misses nothing.
  virtual bool has_doorbell_everywhere() const noexcept = 0;

  /// Ends the whole job with this reason and status. Thread-safe.
  [[noreturn]] virtual void abort(std::string_view reason, int status) noexcept = 0;
};

}  // namespace torc::protocol
