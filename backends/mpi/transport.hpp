// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors
#pragma once

#include <cstdint>
#include <memory>

#include "backends/mpi/message_sizes.hpp"
#include "core/protocol/transport.hpp"

namespace torc::backends::mpi {

/// The transport of an MPI job: node i is rank i of MPI_COMM_WORLD. Has a communicator of its own.
///
/// While a node is not flushed it has to poll now and then, and so has one that something arrives for; sleep sees to
/// it by being short. Where all nodes are on one host a poll that finds nothing does not call MPI.
class transport final : public protocol::transport {
 public:
  /// **Collective.** MPI must be initialised. Sessions that follow each other have different numbers.
  explicit transport(std::uint16_t session, const message_sizes& sizes = {});
  transport(const transport&) = delete;
  transport& operator=(const transport&) = delete;
  /// By all nodes, before MPI is finalised, when nobody sends any more. Waits for no other node but where what this one
  /// has sent is still on its way; after ten seconds of that it says so and gives up.
  ~transport() override;

  protocol::node_id self() const noexcept override;
  int num_nodes() const noexcept override;
  bool may_overlap() const noexcept override;
  const std::vector<std::string>& hosts() const noexcept override;
  /// Not to this node itself.
  void send(protocol::node_id to, const protocol::message& sent) override;
  void flush() override;
  /// At most 32 frames, and the large messages that are complete. Throws protocol::violation.
  bool poll(protocol::inbox& receiver) override;
  bool is_flushed() const noexcept override;
  bool meet() override;
  std::vector<std::vector<std::byte>> all_gather(std::span<const std::byte> mine) override;
  void begin_polling() noexcept override;
  bool end_polling() noexcept override;
  void sleep(std::chrono::nanoseconds longest) noexcept override;
  void ring() noexcept override;
  bool has_doorbell_everywhere() const noexcept override;
  [[noreturn]] void abort(std::string_view reason, int status) noexcept override;

 private:
  struct state;
  std::unique_ptr<state> m_state;
};

}  // namespace torc::backends::mpi
