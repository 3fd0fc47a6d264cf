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
  static heap& mine() {
    if (t_mine == nullptr) [[unlikely]] {
      adopt();
    }
    return *t_mine;
  }

  void* allocate(std::uint8_t size_class) {
    void* const block = take_current(size_class);
    return block != nullptr ? block : allocate_slowly(size_class);
  }
  /// Null where `mine().allocate` has more to do than to take the next block; so the caller stays without a frame.
  static void* try_allocate(std::uint8_t size_class) noexcept {
    return t_mine != nullptr ? t_mine->take_current(size_class) : nullptr;
  }

  /// Takes back what other threads freed: emptied slabs go to the depot. By the thread of the heap when it has nothing
  /// else to do.
  void collect() noexcept {
    if (m_notified.load(std::memory_order_relaxed) != nullptr) collect_remote();
  }

  /// Any thread may free any block.
  static void free(void* block) noexcept {
    slab& s = *slab::of(block);
    auto* const freed = static_cast<free_block*>(block);
    base::poison(freed + 1, detail::block_bytes_of(s.size_class) - sizeof(free_block));
    if (s.owner == t_mine) {
      t_mine->free_own(s, freed);
    } else {
      free_remote(s, freed);
    }
  }

 private:
  friend struct guardian;
  void* take_current(std::uint8_t size_class) noexcept {
    slab* const s = m_current[size_class];
    if (s == nullptr) return nullptr;
    if (free_block* const block = s->free; block != nullptr) {
      s->free = block->next;
      ++s->used;
      base::unpoison(block, detail::block_bytes_of(size_class));
      return block;
    }
    if (s->fresh == s->end) return nullptr;
    std::byte* const block = s->fresh;
    s->fresh += detail::block_bytes_of(size_class);
    ++s->used;
    return block;
  }
  static void adopt();
  static void free_remote(slab& s, free_block* freed) noexcept;
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

  static constinit thread_local heap* t_mine;

  std::array<slab*, detail::num_size_classes> m_current{};                 ///< where blocks come from
  std::array<slab*, detail::num_size_classes> m_listed{};                  ///< others that have free blocks
  alignas(base::cache_line_bytes) std::atomic<slab*> m_notified{nullptr};  ///< slabs with remote frees
};

}  // namespace torc::task
