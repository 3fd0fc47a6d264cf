// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors
#include "core/task/slab.hpp"

#include <sys/mman.h>

#include <algorithm>
#include <new>

namespace torc::task {

slab_depot& depot() {
  static auto* const only = new slab_depot;
  return *only;
}

void* slab_depot::take() {
  const std::scoped_lock lock(m_mutex);
  if (!m_idle.empty()) {
    void* const memory = m_idle.back().memory;
    m_idle.pop_back();
    return memory;
  }
  if (m_released.empty()) {
    // Twice the alignment's worth of address space, of which the unaligned ends are given back.
    const std::size_t reserve_bytes = chunk_bytes + slab::size_bytes;
    void* const raw =
        mmap(nullptr, reserve_bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    if (raw == MAP_FAILED) throw std::bad_alloc();
    auto* const first = static_cast<std::byte*>(raw);
    auto* const aligned = reinterpret_cast<std::byte*>(slab::of(first + slab::size_bytes - 1));
    if (aligned != first) munmap(first, static_cast<std::size_t>(aligned - first));
    std::byte* const end = first + reserve_bytes;
    if (aligned + chunk_bytes != end)
      munmap(aligned + chunk_bytes, static_cast<std::size_t>(end - (aligned + chunk_bytes)));
    for (std::size_t at = chunk_bytes; at != 0; at -= slab::size_bytes)
      m_released.push_back(aligned + at - slab::size_bytes);
  }
  void* const memory = m_released.back();
  m_released.pop_back();
  return memory;
}

void slab_depot::give(void* memory) {
  const std::scoped_lock lock(m_mutex);
  m_idle.push_back({memory, base::now()});
}

bool slab_depot::trim(base::time_point before) {
  const std::scoped_lock lock(m_mutex);
  const auto recent = std::find_if(m_idle.begin(), m_idle.end(), [&](const idle_slab& s) { return s.since > before; });
  for (auto it = m_idle.begin(); it != recent; ++it) {
    madvise(it->memory, slab::size_bytes, MADV_DONTNEED);
    m_released.push_back(it->memory);
  }
  m_idle.erase(m_idle.begin(), recent);
  return !m_idle.empty();
}

}  // namespace torc::task
