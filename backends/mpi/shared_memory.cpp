// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors
#include "backends/mpi/shared_memory.hpp"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <utility>

namespace torc::backends::mpi {

std::optional<shared_memory> shared_memory::create(const std::string& name, std::size_t size_bytes) noexcept {
  const int file = ::shm_open(name.c_str(), O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, S_IRUSR | S_IWUSR);
  if (file < 0) return std::nullopt;
  // Not ftruncate: where the memory is short, that would only show as a SIGBUS at the first touch.
  const bool has_room = ::posix_fallocate(file, 0, static_cast<off_t>(size_bytes)) == 0;
  std::optional<shared_memory> result;
  if (has_room) result = map(file, size_bytes);
  ::close(file);
  if (!result) remove_name(name);
  return result;
}

std::optional<shared_memory> shared_memory::attach(const std::string& name, std::size_t size_bytes) noexcept {
  const int file = ::shm_open(name.c_str(), O_RDWR | O_CLOEXEC, 0);
  if (file < 0) return std::nullopt;
  struct stat facts {};
  std::optional<shared_memory> result;
  if (::fstat(file, &facts) == 0 && facts.st_size == static_cast<off_t>(size_bytes)) result = map(file, size_bytes);
  ::close(file);
  return result;
}

void shared_memory::remove_name(const std::string& name) noexcept { ::shm_unlink(name.c_str()); }

std::optional<shared_memory> shared_memory::map(int file, std::size_t size_bytes) noexcept {
  void* const data = ::mmap(nullptr, size_bytes, PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
  if (data == MAP_FAILED) return std::nullopt;
  return shared_memory(static_cast<std::byte*>(data), size_bytes);
}

shared_memory::shared_memory(shared_memory&& other) noexcept
    : m_data(std::exchange(other.m_data, nullptr)), m_size_bytes(other.m_size_bytes) {}

shared_memory& shared_memory::operator=(shared_memory&& other) noexcept {
  std::swap(m_data, other.m_data);
  std::swap(m_size_bytes, other.m_size_bytes);
  return *this;
}

shared_memory::~shared_memory() {
  if (m_data != nullptr) ::munmap(m_data, m_size_bytes);
}

}  // namespace torc::backends::mpi
