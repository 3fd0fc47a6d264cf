// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

#include "backends/mpi/calls.hpp"
#include "backends/mpi/message_sizes.hpp"
#include "backends/mpi/neighbours.hpp"
#include "core/protocol/transport.hpp"

namespace torc::backends::mpi {

/// What arrives at a node. Frames go into a ring of receives that wait for any sender; MPI fills them in the order in
/// which they were posted, and in that order they are looked at.
///
/// While a large payload is on its way, the rest of its frame and later frames of its sender are parked; those of
/// other senders go on.
class receiver {
 public:
  receiver(const communicator& nodes, std::uint16_t session, neighbours& host, const message_sizes& sizes = {});
  receiver(const receiver&) = delete;
  receiver& operator=(const receiver&) = delete;
  ~receiver();

  /// As transport's.
  bool poll(protocol::inbox& inbox);
  /// Whether a payload is on its way here.
  bool is_waiting() const noexcept { return !m_waiting.empty(); }
  /// Takes the receives back from MPI; false as long as it does not give them up.
  bool close();

 private:
  struct parked;
  struct stream;
  using memory = std::unique_ptr<std::byte[]>;
  struct slot {
    memory frame;
    MPI_Request request = MPI_REQUEST_NULL;
  };

  void post(slot& posted);
  void take(slot& arrived, const MPI_Status& status, protocol::inbox& inbox);
  bool deliver(int node, parked& from, protocol::inbox& inbox);
  bool go_on(int node, protocol::inbox& inbox);
  bool is_complete(stream& awaited, int node);
  memory take_memory();

  const communicator& m_nodes;
  neighbours& m_host;
  std::uint16_t m_session;
  const message_sizes m_sizes;
  std::vector<slot> m_ring;
  std::size_t m_next = 0;  ///< of the ring
  /// By sender: what is parked; null if nothing is.
  std::vector<std::unique_ptr<stream>> m_streams;
  std::vector<int> m_waiting;  ///< senders with a stream
  std::vector<memory> m_spare;
  bool m_is_polling = false;
  bool m_is_closing = false;
};

}  // namespace torc::backends::mpi
