// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors
#pragma once

#include <torc/detail/record.hpp>

#include <array>
#include <atomic>

#include "core/base/poison.hpp"
#include "core/task/slab.hpp"

namespace torc::task {

/// One thread's blocks: it allocates and frees without a lock or an atomic operation; other threads hand blocks back
/// through their slab. Heaps are never destroyed: a thread that ends leaves its heap to the next one.
class heap {
 public:
  /// Of the calling thread; adopts or creates one at the first call.
  static heap& mine();

  void* allocate(std::uint8_t size_class) {
    if (slab* const s = m_current[size_class]; s != nullptr) {
      if (free_block* const block = s->free; block != nullptr) {
        s->free = block->next;
        ++s->used;
        base::unpoison(block, detail::block_bytes_of(size_class));
        return block;
      }
    }
    return allocate_slowly(size_class);
  }

  /// Takes back what other threads freed: emptied slabs go to the depot. By the thread of the heap when it has nothing
  /// else to do.
  void collect() noexcept {
    if (m_notified.load(std::memory_order_relaxed) != nullptr) collect_remote();
  }

  /// Any thread may free any block.
  static void free(void* block) noexcept;

 private:
  void* allocate_slowly(std::uint8_t size_class);
  void collect_remote() noexcept;
  void free_own(slab& s, free_block* block) noexcept {
    block->next = s.free;
    s.free = block;
    --s.used;
    if (m_current[s.size_class] != &s) freed_in_other(s);
  }
  void freed_in_other(slab& s) noexcept;
  void list(slab& s) noexcept;
  void unlist(slab& s) noexcept;
  slab& new_slab(std::uint8_t size_class);

  std::array<slab*, detail::num_size_classes> m_current{};                 ///< where blocks come from
  std::array<slab*, detail::num_size_classes> m_listed{};                  ///< others that have free blocks
  alignas(base::cache_line_bytes) std::atomic<slab*> m_notified{nullptr};  ///< slabs with remote frees
};

}  // namespace torc::task
