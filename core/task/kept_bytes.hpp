// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors
#pragma once

#include <cstddef>
#include <cstdint>
#include <exception>
#include <span>
#include <vector>

namespace torc::task {

/// Bytes of a task that is about to leave, or of a result that nobody has asked for yet: in one block with their
/// owner, or in a vector if they are worth moving.
class kept_bytes {
 public:
  kept_bytes(const kept_bytes&) = delete;
  kept_bytes& operator=(const kept_bytes&) = delete;

  /// Takes a copy of the bytes, or what `buffer`, if given, holds, which they must be.
  static kept_bytes* make(std::span<const std::byte> bytes, std::vector<std::byte>* buffer);
  /// In place of bytes that could not be written.
  static kept_bytes* make(std::exception_ptr failure);
  /// Null is nothing to free.
  static void free(kept_bytes* kept) noexcept;

  std::span<const std::byte> bytes() const noexcept { return {m_data, m_size}; }
  const std::exception_ptr& failure() const noexcept { return m_failure; }
  /// All of them, to be moved out; null if they are few.
  std::vector<std::byte>* buffer() noexcept { return m_moved.empty() ? nullptr : &m_moved; }

 private:
  kept_bytes() = default;

  std::vector<std::byte> m_moved;
  std::exception_ptr m_failure;
  const std::byte* m_data = nullptr;
  std::size_t m_size = 0;
  std::uint8_t m_size_class = 0;
};

/// From so many on bytes are moved, not copied.
inline constexpr std::size_t bytes_worth_moving = std::size_t{16} << 10U;

}  // namespace torc::task
