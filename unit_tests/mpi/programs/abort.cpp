// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors
#include <fmt/format.h>

#include <thread>

#include "backends/mpi/environment.hpp"
#include "backends/mpi/transport.hpp"

// A thread of the last node ends the job while all nodes poll.

namespace {
struct deaf final : torc::protocol::inbox {
  void receive(torc::protocol::node_id /*from*/, const torc::protocol::message& /*arrived*/) override {}
};
}  // namespace

int main() {
  torc::backends::mpi::initialise();
  torc::backends::mpi::transport network(1);
  std::thread other;
  const int self = torc::base::number_of(network.self());
  if (self + 1 == network.num_nodes())
    other = std::thread([&] { network.abort(fmt::format("node {} has had enough", self), EXIT_FAILURE); });
  deaf nobody;
  for (;;) network.poll(nobody);
}
