// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors
#pragma once

#include <gtest/gtest.h>
#include <sched.h>

#include <chrono>
#include <functional>
#include <stdexcept>

#include "backends/mpi/transport.hpp"
#include "core/base/clock.hpp"

namespace torc::backends::mpi {

using protocol::message;
using protocol::message_kind;
using protocol::node_id;

/// A session number that all ranks agree on, as they make the same sessions.
inline std::uint16_t next_session() {
  static std::uint16_t last = 0;
  return ++last;
}

/// A transport that hands what arrives to a function.
class test_node final : protocol::inbox {
 public:
  using handler = std::function<void(node_id, const message&)>;

  test_node() : network(next_session()) {}
  /// All nodes, when none has anything more to send.
  ~test_node() {
    if (!std::uncaught_exceptions()) network.all_gather({});
  }

  int self() const { return base::number_of(network.self()); }
  int num_nodes() const { return network.num_nodes(); }

  bool poll() { return network.poll(*this); }

  /// Polls and flushes until then.
  void run_until(const std::function<bool()>& is_over) {
    const auto deadline = base::now() + std::chrono::seconds(90);
    while (!is_over()) {
      network.flush();
      if (!poll()) sched_yield();
      if (base::now() > deadline) throw std::runtime_error("what a test waits for has not come for 90 seconds");
    }
  }
  void run_until_flushed() {
    run_until([&] { return network.is_flushed(); });
  }

  transport network;
  handler on_message = [](node_id, const message&) { ADD_FAILURE() << "an unexpected message"; };

 private:
  void receive(node_id from, const message& arrived) override { on_message(from, arrived); }
};

}  // namespace torc::backends::mpi
