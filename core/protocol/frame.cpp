// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors
#include "core/protocol/frame.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstring>
#include <type_traits>
#include <utility>

namespace torc::protocol {
namespace {

constexpr std::uint32_t magic = 0x43524f54;
constexpr std::uint32_t magic_of_other_byte_order = 0x544f5243;

struct frame_header {
  std::uint32_t magic;
  std::uint16_t version;
  std::uint16_t session;
  std::uint32_t size_bytes;
  std::uint32_t num_messages;
};
static_assert(sizeof(frame_header) == frame_header_bytes && std::has_unique_object_representations_v<frame_header>);

/// Where the payload of a message is.
enum class form : std::uint32_t { in_frame, by_itself };

struct message_header {
  std::uint8_t kind;
  std::uint8_t flags;
  std::uint16_t hops;
  std::int32_t home;
  std::uint32_t workers;
  std::uint32_t payload_form;
  std::uint64_t id;
  std::uint64_t value;
  std::uint64_t payload_bytes;
};
static_assert(sizeof(message_header) == message_header_bytes &&
              std::has_unique_object_representations_v<message_header>);

constexpr std::size_t alignment_bytes = 8;
constexpr std::size_t padding_after(std::size_t size) noexcept {
  return (alignment_bytes - size % alignment_bytes) % alignment_bytes;
}
static_assert(padding_after(largest_inline_bytes) == 0);

template <class... Args>
[[noreturn, gnu::cold]] void refuse(fmt::format_string<Args...> text, Args&&... args) {
  throw violation(fmt::format(text, std::forward<Args>(args)...));
}

}  // namespace

frame_writer::frame_writer(std::size_t frame_size_bytes)
    : m_most_bytes(frame_size_bytes), m_memory(std::make_unique_for_overwrite<std::byte[]>(frame_size_bytes)) {}

void frame_writer::clear() noexcept {
  m_size_bytes = frame_header_bytes;
  m_num_messages = 0;
}

bool frame_writer::add(const message& added) noexcept {
  const std::size_t payload_bytes = added.payload.size();
  const bool by_itself = is_large(payload_bytes, m_most_bytes);
  const std::size_t inline_bytes = by_itself ? 0 : payload_bytes;
  const std::size_t padding = padding_after(inline_bytes);
  if (message_header_bytes + inline_bytes + padding > m_most_bytes - m_size_bytes) return false;

  const message_header header{.kind = static_cast<std::uint8_t>(added.kind),
                              .flags = added.flags,
                              .hops = added.hops,
                              .home = base::number_of(added.home),
                              .workers = added.workers,
                              .payload_form = static_cast<std::uint32_t>(by_itself ? form::by_itself : form::in_frame),
                              .id = added.id,
                              .value = added.value,
                              .payload_bytes = payload_bytes};
  std::byte* to = m_memory.get() + m_size_bytes;
  std::memcpy(to, &header, sizeof header);
  to += sizeof header;
  if (inline_bytes != 0) std::memcpy(to, added.payload.data(), inline_bytes);
  std::fill_n(to + inline_bytes, padding, std::byte{});
  m_size_bytes += message_header_bytes + inline_bytes + padding;
  ++m_num_messages;
  return true;
}

std::span<const std::byte> frame_writer::finish(std::uint16_t session) noexcept {
  const frame_header header{.magic = magic,
                            .version = protocol_version,
                            .session = session,
                            .size_bytes = static_cast<std::uint32_t>(m_size_bytes),
                            .num_messages = m_num_messages};
  std::memcpy(m_memory.get(), &header, sizeof header);
  return {m_memory.get(), m_size_bytes};
}

frame_reader::frame_reader(std::span<const std::byte> frame, std::uint16_t session, std::size_t frame_size_bytes)
    : m_most_bytes(frame_size_bytes) {
  if (frame.size() < frame_header_bytes)
    refuse("a frame of {} bytes, which are fewer than its header's {}", frame.size(), frame_header_bytes);
  frame_header header;
  std::memcpy(&header, frame.data(), sizeof header);
  if (header.magic == magic_of_other_byte_order) refuse("a frame from a machine of the other byte order");
  if (header.magic != magic) refuse("a frame that begins with {:#010x} instead of {:#010x}", header.magic, magic);
  if (header.version != protocol_version)
    refuse("a frame of protocol version {}; this program speaks version {}", header.version, protocol_version);
  if (header.session != session) refuse("a frame of session number {} in session number {}", header.session, session);
  if (header.size_bytes != frame.size())
    refuse("a frame of {} bytes that claims to have {}", frame.size(), header.size_bytes);
  m_rest = frame.subspan(frame_header_bytes);
  m_num_messages = header.num_messages;
}

bool frame_reader::next(entry& result) {
  if (m_num_messages == 0) {
    if (!m_rest.empty()) refuse("a frame with {} bytes after its last message", m_rest.size());
    return false;
  }
  if (m_rest.size() < message_header_bytes)
    refuse("a frame that ends within the header of a message, {} messages before its last", m_num_messages);
  message_header header;
  std::memcpy(&header, m_rest.data(), sizeof header);
  m_rest = m_rest.subspan(sizeof header);
  if (header.kind >= num_message_kinds) refuse("a message of kind {}; there are {}", header.kind, num_message_kinds);
  if ((header.flags & ~message_flags::known) != 0)
    refuse("a message with flags {:#x}; known are {:#x}", header.flags, message_flags::known);

  std::size_t inline_bytes = 0;
  if (header.payload_form == static_cast<std::uint32_t>(form::by_itself)) {
    if (!is_large(header.payload_bytes, m_most_bytes) || header.payload_bytes > largest_payload_bytes)
      refuse("a large message of {} bytes; it may have {} to {}", header.payload_bytes,
             largest_inline_bytes_of(m_most_bytes) + 1, largest_payload_bytes);
    result.large_bytes = header.payload_bytes;
  } else if (header.payload_form == static_cast<std::uint32_t>(form::in_frame)) {
    if (header.payload_bytes > m_rest.size())
      refuse("a message of {} bytes in a frame of which {} are left", header.payload_bytes, m_rest.size());
    inline_bytes = header.payload_bytes;
    result.large_bytes = 0;
  } else {
    refuse("a message of form {}; there are 2", header.payload_form);
  }

  const auto payload = m_rest.first(inline_bytes);
  m_rest = m_rest.subspan(inline_bytes);
  const std::size_t padding = padding_after(inline_bytes);
  if (padding > m_rest.size()) refuse("a frame that ends within the padding of its last message");
  for (const std::byte b : m_rest.first(padding))
    if (b != std::byte{}) refuse("a message whose padding is not zero");
  m_rest = m_rest.subspan(padding);
  --m_num_messages;
  result.header = {.kind = static_cast<message_kind>(header.kind),
                   .flags = header.flags,
                   .hops = header.hops,
                   .home = node_id{header.home},
                   .workers = header.workers,
                   .id = header.id,
                   .value = header.value,
                   .payload = payload,
                   .buffer = nullptr};
  return true;
}

}  // namespace torc::protocol
