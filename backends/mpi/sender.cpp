// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors
#include "backends/mpi/sender.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <new>
#include <torc/error.hpp>
#include <utility>

#include "backends/mpi/tags.hpp"
#include "core/base/check.hpp"
#include "core/protocol/frame.hpp"

namespace torc::backends::mpi {

namespace {
/// Frames of one lane under way at a time: enough to fill one while another travels.
constexpr unsigned window = 2;
constexpr std::size_t most_spare_frames = 256;
}  // namespace

struct sender::frame {
  explicit frame(std::size_t size_bytes) : messages(size_bytes) {}

  protocol::frame_writer messages;
  std::vector<std::vector<std::byte>> payloads;  ///< of large messages
  std::vector<MPI_Request> requests;             ///< empty before it is under way
  std::size_t num_complete = 0;                  ///< of the requests, which are awaited in order
  std::unique_ptr<frame> next;

  bool is_under_way() const noexcept { return !requests.empty(); }
};

struct sender::lane {
  std::unique_ptr<frame> oldest;
  frame* newest = nullptr;
  frame* unsent = nullptr;  ///< the first that is not under way
  unsigned num_under_way = 0;
  bool is_unreceived = false;  ///< is in m_unreceived
};

sender::sender(const communicator& nodes, std::uint16_t session, const neighbours& host, const message_sizes& sizes)
    : m_nodes(nodes),
      m_host(host),
      m_session(session),
      m_sizes(sizes),
      m_lanes(static_cast<std::size_t>(nodes.size())) {}

sender::~sender() {
  for (lane& l : m_lanes) {
    // One by one: a chain of any length must not be freed by recursion.
    while (l.oldest != nullptr) {
      auto next = std::move(l.oldest->next);
      if (l.oldest->num_complete < l.oldest->requests.size()) static_cast<void>(l.oldest.release());
      l.oldest = std::move(next);
    }
  }
  while (m_spare != nullptr) m_spare = std::move(m_spare->next);
}

void sender::send(protocol::node_id to, const protocol::message& sent) {
  const int node = base::number_of(to);
  TORC_CHECK(node >= 0 && node < m_nodes.size() && node != m_nodes.rank());
  lane& l = m_lanes[base::index_of(to)];
  if (l.unsent == nullptr || !l.newest->messages.add(sent)) {
    if (l.oldest == nullptr) m_busy.push_back(node);
    append_frame(l);
    l.newest->messages.add(sent);
    // A full frame need not wait for the flush.
    if (l.unsent != l.newest) advance(l, node);
  }
  if (!protocol::is_large(sent.payload.size(), m_sizes.frame_bytes)) return;
  try {
    if (sent.buffer != nullptr) {
      l.newest->payloads.push_back(std::move(*sent.buffer));
    } else {
      l.newest->payloads.emplace_back(sent.payload.begin(), sent.payload.end());
    }
  } catch (const std::bad_alloc&) {
    throw transport_error(fmt::format("no memory for a message of {} bytes to node {}", sent.payload.size(), node));
  }
}

void sender::flush() {
  for (std::size_t i = 0; i < m_busy.size();) {
    const int node = m_busy[i];
    lane& l = m_lanes[static_cast<std::size_t>(node)];
    do {
      while (l.unsent != nullptr && l.num_under_way < window) start_next(l, node);
    } while (finish_oldest(l, node));
    if (l.oldest == nullptr) {
      m_busy[i] = m_busy.back();
      m_busy.pop_back();
    } else {
      ++i;
    }
  }
}

/// Sends the full frames before the newest one, as far as the window has room.
void sender::advance(lane& to, int node) {
  while (to.unsent != to.newest && to.num_under_way < window) start_next(to, node);
}

void sender::append_frame(lane& to) {
  auto fresh = take_frame();
  frame* const added = fresh.get();
  (to.oldest == nullptr ? to.oldest : to.newest->next) = std::move(fresh);
  to.newest = added;
  if (to.unsent == nullptr) to.unsent = added;
}

void sender::start_next(lane& to, int node) {
  frame& f = *to.unsent;
  const auto post = [&](const std::byte* data, std::size_t size_bytes, int tag) {
    f.requests.push_back(MPI_REQUEST_NULL);
    check(MPI_Isend(data, static_cast<int>(size_bytes), MPI_BYTE, node, tag, m_nodes.get(), &f.requests.back()),
          "MPI_Isend", node);
  };
  const auto bytes = f.messages.finish(m_session);
  post(bytes.data(), bytes.size(), frame_tag);
  for (const auto& payload : f.payloads) {
    for (std::size_t sent = 0; sent < payload.size(); sent += m_sizes.piece_bytes)
      post(payload.data() + sent, std::min(payload.size() - sent, m_sizes.piece_bytes), payload_tag);
  }
  to.unsent = f.next.get();
  ++to.num_under_way;
  ++m_num_under_way;
  if (mailbox* const box = m_host.of(node); box != nullptr) {
    box->announce();
    if (!std::exchange(to.is_unreceived, true)) m_unreceived.push_back(node);
  }
}

/// False if none has left.
bool sender::finish_oldest(lane& to, int node) {
  if (to.num_under_way == 0) return false;
  frame& f = *to.oldest;
  for (; f.num_complete < f.requests.size(); ++f.num_complete) {
    int is_complete = 0;
    check(MPI_Test(&f.requests[f.num_complete], &is_complete, MPI_STATUS_IGNORE), "MPI_Test of MPI_Isend", node);
    if (is_complete == 0) {
      // It goes on only if the receiver calls MPI, which may have gone to sleep meanwhile.
      if (mailbox* const box = m_host.of(node); box != nullptr) box->nudge();
      return false;
    }
  }
  auto rest = std::move(f.next);
  if (m_num_spare < most_spare_frames) {
    f.messages.clear();
    f.payloads.clear();
    f.requests.clear();
    f.num_complete = 0;
    f.next = std::move(m_spare);
    m_spare = std::move(to.oldest);
    ++m_num_spare;
  }
  to.oldest = std::move(rest);
  if (to.oldest == nullptr) to.newest = nullptr;
  --to.num_under_way;
  --m_num_under_way;
  return true;
}

std::unique_ptr<sender::frame> sender::take_frame() {
  if (m_spare == nullptr) return std::make_unique<frame>(m_sizes.frame_bytes);
  auto taken = std::move(m_spare);
  m_spare = std::move(taken->next);
  --m_num_spare;
  return taken;
}

bool sender::has_unreceived() noexcept {
  while (!m_unreceived.empty()) {
    const int node = m_unreceived.back();
    if (m_host.of(node)->has_mail()) return true;
    m_lanes[static_cast<std::size_t>(node)].is_unreceived = false;
    m_unreceived.pop_back();
  }
  return false;
}

}  // namespace torc::backends::mpi
