// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors
#include "backends/mpi/transport.hpp"

#include <algorithm>
#include <atomic>

#include "backends/mpi/abort.hpp"
#include "backends/mpi/all_gather.hpp"
#include "backends/mpi/calls.hpp"
#include "backends/mpi/doorbell.hpp"
#include "backends/mpi/neighbours.hpp"
#include "backends/mpi/receiver.hpp"
#include "backends/mpi/sender.hpp"
#include "core/base/clock.hpp"
#include "core/base/log.hpp"

namespace torc::backends::mpi {
namespace {

/// How long a node sleeps at most while MPI has to be helped along.
constexpr std::chrono::microseconds nap{50};
constexpr std::chrono::seconds patience_at_the_end{10};

}  // namespace

struct transport::state {
  state(std::uint16_t session, const message_sizes& sizes)
      : host(nodes), outgoing(nodes, session, host, sizes), incoming(nodes, session, host, sizes), bell(host.own()) {}

  /// Whether a poll could find or move anything.
  bool has_to_poll() noexcept {
    return !host.are_all() || host.own().has_mail() || outgoing.has_under_way() || incoming.is_waiting() ||
           outgoing.has_unreceived();
  }
  void note_what_is_under_way() noexcept {
    is_under_way.store(!outgoing.is_idle() || incoming.is_waiting(), std::memory_order_relaxed);
  }

  communicator nodes;
  neighbours host;
  sender outgoing;
  receiver incoming;
  doorbell bell;
  MPI_Request meeting = MPI_REQUEST_NULL;
  const bool may_overlap = has_full_thread_support();
  std::atomic<bool> is_under_way{false};  ///< for who sleeps without holding the role
};

transport::transport(std::uint16_t session, const message_sizes& sizes)
    : m_state(std::make_unique<state>(session, sizes)) {}

transport::~transport() {
  if (!is_usable()) {
    // MPI has ended with requests under way: nothing of them may be touched or freed.
    static_cast<void>(m_state.release());
    return;
  }
  const base::time_point deadline = base::now() + patience_at_the_end;
  patience waiting;
  try {
    for (;;) {
      m_state->outgoing.flush();
      if (m_state->outgoing.is_idle() && m_state->incoming.close()) return;
      if (base::now() > deadline) break;
      waiting.pause();
    }
  } catch (const std::exception& e) {
    base::log::line("node {} closes its connections: {}", m_state->nodes.rank(), e.what());
  }
  base::log::line("node {} gives up waiting for messages under way at the end of a session", m_state->nodes.rank());
  static_cast<void>(m_state.release());
}

protocol::node_id transport::self() const noexcept { return protocol::node_id{m_state->nodes.rank()}; }
int transport::num_nodes() const noexcept { return m_state->nodes.size(); }
bool transport::may_overlap() const noexcept { return m_state->may_overlap; }
const std::vector<std::string>& transport::hosts() const noexcept { return m_state->host.hosts(); }

void transport::send(protocol::node_id to, const protocol::message& sent) { m_state->outgoing.send(to, sent); }

void transport::flush() {
  if (m_state->outgoing.is_idle()) return;
  m_state->outgoing.flush();
  m_state->note_what_is_under_way();
}

bool transport::poll(protocol::inbox& receiver) {
  state& s = *m_state;
  if (!s.has_to_poll()) return false;
  if (s.outgoing.has_under_way()) s.outgoing.flush();
  const bool has_delivered = s.incoming.poll(receiver);
  s.note_what_is_under_way();
  return has_delivered;
}

bool transport::is_flushed() const noexcept { return m_state->outgoing.is_idle(); }

bool transport::meet() {
  MPI_Request& meeting = m_state->meeting;
  if (meeting == MPI_REQUEST_NULL) check(MPI_Ibarrier(m_state->nodes.get(), &meeting), "MPI_Ibarrier");
  int are_all_there = 0;
  check(MPI_Test(&meeting, &are_all_there, MPI_STATUS_IGNORE), "MPI_Test of MPI_Ibarrier");
  return are_all_there != 0;
}

std::vector<std::vector<std::byte>> transport::all_gather(std::span<const std::byte> mine) {
  return mpi::all_gather(m_state->nodes, mine);
}

void transport::begin_polling() noexcept { m_state->bell.begin_polling(); }
bool transport::end_polling() noexcept { return m_state->bell.end_polling(); }

void transport::sleep(std::chrono::nanoseconds longest) noexcept {
  const bool is_under_way = m_state->is_under_way.load(std::memory_order_relaxed) || m_state->host.own().has_mail();
  m_state->bell.sleep(is_under_way ? std::min<std::chrono::nanoseconds>(longest, nap) : longest);
}

void transport::ring() noexcept { m_state->bell.ring(); }
bool transport::has_doorbell_everywhere() const noexcept { return m_state->host.are_all(); }
void transport::abort(std::string_view reason, int status) noexcept { abort_job(reason, status); }

}  // namespace torc::backends::mpi
