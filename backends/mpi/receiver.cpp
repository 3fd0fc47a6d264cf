// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors
#include "backends/mpi/receiver.hpp"

#include <fmt/format.h>
#include <sys/mman.h>

#include <algorithm>
#include <deque>
#include <new>
#include <span>
#include <string>
#include <torc/error.hpp>
#include <utility>

#include "backends/mpi/tags.hpp"
#include "core/base/check.hpp"
#include "core/protocol/frame.hpp"

namespace torc::backends::mpi {

namespace {

constexpr std::size_t ring_size = 8;
/// Frames of one poll: its caller has other things to do.
constexpr int most_frames = 32;

/// Page faults of small pages would cost more than receiving what is written there.
void ask_for_huge_pages(std::byte* data, std::size_t size_bytes) noexcept {
  constexpr std::size_t page_bytes = 4096;
  constexpr std::size_t worth_it_bytes = std::size_t{4} << 20U;
  if (size_bytes < worth_it_bytes) return;
  const std::size_t before = (page_bytes - reinterpret_cast<std::uintptr_t>(data) % page_bytes) % page_bytes;
  // Mere advice: refused where there are none, or where pages are larger anyway.
  ::madvise(data + before, (size_bytes - before) / page_bytes * page_bytes, MADV_HUGEPAGE);
}

/// Names the sender in what was found wrong with its bytes.
template <class Function>
auto checked(int node, Function function) {
  try {
    return function();
  } catch (const protocol::violation& found) {
    throw protocol::violation(fmt::format("node {} sent {}", node, found.what()));
  }
}

}  // namespace

struct receiver::parked {
  memory frame;
  protocol::frame_reader reader;
};

struct receiver::stream {
  protocol::message header;
  std::vector<std::byte> payload;
  std::vector<MPI_Request> requests;
  std::size_t num_complete = 0;  ///< of the requests, which are awaited in order
  std::deque<parked> frames;
};

receiver::receiver(const communicator& nodes, std::uint16_t session, neighbours& host, const message_sizes& sizes)
    : m_nodes(nodes),
      m_host(host),
      m_session(session),
      m_sizes(sizes),
      m_ring(ring_size),
      m_streams(static_cast<std::size_t>(nodes.size())) {
  for (slot& s : m_ring) {
    s.frame = take_memory();
    post(s);
  }
}

receiver::~receiver() {
  // MPI may write to what it has not given up.
  for (slot& s : m_ring)
    if (s.request != MPI_REQUEST_NULL) static_cast<void>(s.frame.release());
  for (auto& s : m_streams)
    if (s != nullptr && s->num_complete < s->requests.size()) static_cast<void>(s.release());
}

void receiver::post(slot& posted) {
  check(MPI_Irecv(posted.frame.get(), static_cast<int>(m_sizes.frame_bytes), MPI_BYTE, MPI_ANY_SOURCE, frame_tag,
                  m_nodes.get(), &posted.request),
        "MPI_Irecv");
}

bool receiver::poll(protocol::inbox& inbox) {
  TORC_CHECK(!m_is_polling);
  struct guard {
    bool& flag;
    ~guard() { flag = false; }
  } const polling{m_is_polling = true};

  bool has_delivered = false;
  for (std::size_t i = 0; i < m_waiting.size();) {
    const int node = m_waiting[i];
    if (go_on(node, inbox)) has_delivered = true;
    if (m_streams[static_cast<std::size_t>(node)] == nullptr) {
      m_waiting[i] = m_waiting.back();
      m_waiting.pop_back();
    } else {
      ++i;
    }
  }
  for (int i = 0; i < most_frames; ++i) {
    slot& next = m_ring[m_next];
    int is_here = 0;
    MPI_Status status;
    check(MPI_Test(&next.request, &is_here, &status), "MPI_Test of MPI_Irecv");
    if (is_here == 0) break;
    m_next = (m_next + 1) % ring_size;
    take(next, status, inbox);
    post(next);
    has_delivered = true;
  }
  return has_delivered;
}

void receiver::take(slot& arrived, const MPI_Status& status, protocol::inbox& inbox) {
  const int node = status.MPI_SOURCE;
  int size = 0;
  check(MPI_Get_count(&status, MPI_BYTE, &size), "MPI_Get_count", node);
  if (m_host.of(node) != nullptr) {
    auto& received = m_host.own().received;
    received.store(received.load(std::memory_order_relaxed) + 1, std::memory_order_release);
  }
  parked frame;
  frame.reader = checked(node, [&] {
    return protocol::frame_reader(std::span(arrived.frame.get(), static_cast<std::size_t>(size)), m_session,
                                  m_sizes.frame_bytes);
  });
  auto& behind = m_streams[static_cast<std::size_t>(node)];
  if (behind == nullptr && deliver(node, frame, inbox)) return;
  frame.frame = std::exchange(arrived.frame, take_memory());
  behind->frames.push_back(std::move(frame));
}

/// Up to the end or to the next large message; then begins to receive that one and returns false.
bool receiver::deliver(int node, parked& from, protocol::inbox& inbox) {
  protocol::frame_reader::entry entry;
  while (checked(node, [&] { return from.reader.next(entry); })) {
    if (entry.large_bytes == 0) {
      inbox.receive(protocol::node_id{node}, entry.header);
      continue;
    }
    auto& s = m_streams[static_cast<std::size_t>(node)];
    if (s == nullptr) {
      s = std::make_unique<stream>();
      m_waiting.push_back(node);
    }
    s->header = entry.header;
    try {
      s->payload.reserve(entry.large_bytes);
      ask_for_huge_pages(s->payload.data(), entry.large_bytes);
      s->payload.resize(entry.large_bytes);
    } catch (const std::exception&) {
      throw transport_error(fmt::format("no memory for a message of {} bytes from node {}", entry.large_bytes, node));
    }
    s->requests.clear();
    s->num_complete = 0;
    for (std::size_t received = 0; received < s->payload.size(); received += m_sizes.piece_bytes) {
      s->requests.push_back(MPI_REQUEST_NULL);
      check(MPI_Irecv(s->payload.data() + received,
                      static_cast<int>(std::min(s->payload.size() - received, m_sizes.piece_bytes)), MPI_BYTE, node,
                      payload_tag, m_nodes.get(), &s->requests.back()),
            "MPI_Irecv", node);
    }
    return false;
  }
  return true;
}

/// Delivers the large message that a sender's frames are parked for, if it is here, and what follows it; false if not.
bool receiver::go_on(int node, protocol::inbox& inbox) {
  auto& s = m_streams[static_cast<std::size_t>(node)];
  if (!is_complete(*s, node)) return false;
  do {
    auto payload = std::exchange(s->payload, {});
    s->header.payload = payload;
    s->header.buffer = &payload;
    inbox.receive(protocol::node_id{node}, s->header);
    while (!s->frames.empty() && deliver(node, s->frames.front(), inbox)) {
      m_spare.push_back(std::move(s->frames.front().frame));
      s->frames.pop_front();
    }
    if (s->frames.empty()) s.reset();
  } while (s != nullptr && is_complete(*s, node));
  return true;
}

bool receiver::is_complete(stream& awaited, int node) {
  for (; awaited.num_complete < awaited.requests.size(); ++awaited.num_complete) {
    int is_here = 0;
    MPI_Status status;
    check(MPI_Test(&awaited.requests[awaited.num_complete], &is_here, &status), "MPI_Test of MPI_Irecv", node);
    if (is_here == 0) return false;
    const std::size_t expected =
        std::min(awaited.payload.size() - awaited.num_complete * m_sizes.piece_bytes, m_sizes.piece_bytes);
    int size = 0;
    check(MPI_Get_count(&status, MPI_BYTE, &size), "MPI_Get_count", node);
    if (static_cast<std::size_t>(size) != expected)
      throw protocol::violation(fmt::format("node {} sent a piece of {} bytes instead of {}", node, size, expected));
  }
  return true;
}

bool receiver::close() {
  // Whoever closes reports nothing any more.
  bool is_closed = m_waiting.empty();
  for (slot& s : m_ring) {
    if (s.request == MPI_REQUEST_NULL) continue;
    if (!m_is_closing && MPI_Cancel(&s.request) != MPI_SUCCESS) is_closed = false;
    int is_done = 0;
    if (MPI_Test(&s.request, &is_done, MPI_STATUS_IGNORE) != MPI_SUCCESS || is_done == 0) is_closed = false;
  }
  m_is_closing = true;
  return is_closed;
}

receiver::memory receiver::take_memory() {
  if (m_spare.empty()) return std::make_unique_for_overwrite<std::byte[]>(m_sizes.frame_bytes);
  auto taken = std::move(m_spare.back());
  m_spare.pop_back();
  return taken;
}

}  // namespace torc::backends::mpi
