// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>

#include "core/protocol/message.hpp"

/// How messages travel: several to one node in a frame, each as a header and its payload.
///
///   frame    magic, version, session, size, number of messages      16 bytes
///   message  kind, flags, hops, home, workers, form,
///            id, value, size of the payload                         40 bytes
///            the payload, and zeros up to a multiple of 8 bytes
///
/// Numbers are those of the machine: a frame from one of the other byte order shows itself by its magic. A large
/// message, whose payload no frame can hold, has its header only; the payload follows it by itself.
namespace torc::protocol {

/// Changes with the layout of frames, the kinds of messages or what they mean.
inline constexpr std::uint16_t protocol_version = 7;

/// Of a frame, unless a network chooses another size.
inline constexpr std::size_t frame_bytes = std::size_t{64} * 1024;
inline constexpr std::size_t frame_header_bytes = 16;
inline constexpr std::size_t message_header_bytes = 40;
/// The largest payload that a frame of this size holds; the size is a multiple of 8 and has room for the headers.
constexpr std::size_t largest_inline_bytes_of(std::size_t frame_size_bytes) noexcept {
  return frame_size_bytes - frame_header_bytes - message_header_bytes;
}
inline constexpr std::size_t largest_inline_bytes = largest_inline_bytes_of(frame_bytes);
/// No message is larger; a length beyond it is damage.
inline constexpr std::uint64_t largest_payload_bytes = std::uint64_t{1} << 40U;

constexpr bool is_large(std::size_t payload_bytes, std::size_t frame_size_bytes = frame_bytes) noexcept {
  return payload_bytes > largest_inline_bytes_of(frame_size_bytes);
}

/// Lays out one frame in memory of its own.
class frame_writer {
 public:
  explicit frame_writer(std::size_t frame_size_bytes = frame_bytes);

  /// Begins the frame anew.
  void clear() noexcept;
  /// False if there is no room for it. Copies the payload, but not that of a large message.
  bool add(const message& added) noexcept;
  bool is_empty() const noexcept { return m_num_messages == 0; }
  /// The frame's bytes, until the next call of clear or add.
  std::span<const std::byte> finish(std::uint16_t session) noexcept;

 private:
  std::size_t m_most_bytes;
  std::unique_ptr<std::byte[]> m_memory;
  std::size_t m_size_bytes = frame_header_bytes;
  std::uint32_t m_num_messages = 0;
};

/// Takes a frame apart. Nothing is believed before it is checked: what no frame_writer of this session could have
/// written throws violation. What a message means (its home, its id) is for its receiver to check.
class frame_reader {
 public:
  /// Holds no message.
  frame_reader() = default;
  /// The bytes must stay where they are as long as messages are read. `frame_size_bytes`: the writer's.
  frame_reader(std::span<const std::byte> frame, std::uint16_t session, std::size_t frame_size_bytes = frame_bytes);

  struct entry {
    message header;
    std::uint64_t large_bytes = 0;  ///< if not 0: the size of the payload, which follows by itself
  };
  /// False at the end.
  bool next(entry& result);

 private:
  std::span<const std::byte> m_rest;
  std::size_t m_most_bytes = frame_bytes;
  std::uint32_t m_num_messages = 0;  ///< not yet read
};

}  // namespace torc::protocol
