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
#include "core/protocol/message.hpp"

namespace torc::backends::mpi {

/// What leaves a node. Each other node has a lane: a row of frames, of which the first few are under way and the last
/// one is being filled.
///
/// The oldest frame leaves the lane first, with the payloads of its large messages. So a receiver that waits for a
/// payload has to put up with no more than a window of frames behind it.
class sender {
 public:
  sender(const communicator& nodes, std::uint16_t session, const neighbours& host, const message_sizes& sizes = {});
  sender(const sender&) = delete;
  sender& operator=(const sender&) = delete;
  /// What is still under way stays in memory, for MPI may read it until it is finalised.
  ~sender();

  void send(protocol::node_id to, const protocol::message& sent);
  /// Hands over what there is, as far as the windows have room, and goes on with what is under way.
  void flush();

  bool is_idle() const noexcept { return m_busy.empty(); }
  bool has_under_way() const noexcept { return m_num_under_way != 0; }
  /// Whether some neighbour has not yet taken all frames that were sent to it. Even if they have left by MPI's account
  /// their way may need MPI's help.
  bool has_unreceived() noexcept;

 private:
  struct frame;
  struct lane;

  void append_frame(lane& to);
  void advance(lane& to, int node);
  void start_next(lane& to, int node);
  bool finish_oldest(lane& to, int node);
  std::unique_ptr<frame> take_frame();

  const communicator& m_nodes;
  const neighbours& m_host;
  std::uint16_t m_session;
  const message_sizes m_sizes;
  std::vector<lane> m_lanes;
  std::vector<int> m_busy;        ///< nodes whose lanes have frames
  std::vector<int> m_unreceived;  ///< neighbours that may not have taken everything yet
  std::size_t m_num_under_way = 0;
  std::unique_ptr<frame> m_spare;  ///< a stack
  std::size_t m_num_spare = 0;
};

}  // namespace torc::backends::mpi
