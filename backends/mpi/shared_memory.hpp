// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors
#pragma once

#include <cstddef>
#include <optional>
#include <string>

namespace torc::backends::mpi {

/// Memory that processes of one host share; zero at first. Movable.
class shared_memory {
 public:
  /// Makes it under a name that nobody else may have; nothing where the system does not let it.
  static std::optional<shared_memory> create(const std::string& name, std::size_t size_bytes) noexcept;
  /// Maps what another process has created.
  static std::optional<shared_memory> attach(const std::string& name, std::size_t size_bytes) noexcept;
  /// Nobody can attach it any more; who has goes on. So nothing is left behind, however the processes end.
  static void remove_name(const std::string& name) noexcept;

  shared_memory(shared_memory&& other) noexcept;
  shared_memory& operator=(shared_memory&& other) noexcept;
  ~shared_memory();

  std::byte* data() const noexcept { return m_data; }

 private:
  shared_memory(std::byte* data, std::size_t size_bytes) noexcept : m_data(data), m_size_bytes(size_bytes) {}
  static std::optional<shared_memory> map(int file, std::size_t size_bytes) noexcept;

  std::byte* m_data;
  std::size_t m_size_bytes;
};

}  // namespace torc::backends::mpi
