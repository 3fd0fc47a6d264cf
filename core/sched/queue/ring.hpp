// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors
#pragma once

#include <sys/mman.h>

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <new>

namespace torc::sched {

/// Places for a power of two of pointers that several threads read and write, numbered round and round. Its memory
/// comes from the system page by page as it is touched, and goes straight back there.
template <class Item>
class ring {
 public:
  explicit ring(std::size_t capacity) : m_mask(capacity - 1) {
    void* const memory =
        mmap(nullptr, capacity * sizeof(Item*), PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (memory == MAP_FAILED) throw std::bad_alloc();
    m_items = static_cast<Item**>(memory);
  }
  ring(const ring&) = delete;
  ring& operator=(const ring&) = delete;
  ~ring() { munmap(static_cast<void*>(m_items), (m_mask + 1) * sizeof(Item*)); }

  std::int64_t capacity() const noexcept { return static_cast<std::int64_t>(m_mask + 1); }
  Item* load(std::int64_t index) const noexcept {
    return std::atomic_ref(m_items[place_of(index)]).load(std::memory_order_relaxed);
  }
  void store(std::int64_t index, Item* item) noexcept {
    std::atomic_ref(m_items[place_of(index)]).store(item, std::memory_order_relaxed);
  }

 private:
  std::size_t place_of(std::int64_t index) const noexcept { return static_cast<std::size_t>(index) & m_mask; }

  std::size_t m_mask;
  Item** m_items = nullptr;
};

}  // namespace torc::sched
