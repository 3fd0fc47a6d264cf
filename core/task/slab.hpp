// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors
#pragma once

#include <torc/detail/record.hpp>

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <mutex>
#include <vector>

#include "core/base/cache_line.hpp"
#include "core/base/clock.hpp"

namespace torc::task {

class heap;

/// A free block; the link lies in the block itself.
struct free_block {
  free_block* next;
};

/// Blocks of one slab, linked from the first to the last; where they lie, in granules from its beginning. A word, so
/// that it changes at once. Its owner takes all of it without a look at the blocks, which would cost as much as a task
/// for each of them: they lie in the cache of whoever freed them.
struct block_list {
  std::uint16_t first = 0;
  std::uint16_t last = 0;
  std::uint32_t count = 0;  ///< 0: the others say nothing
};
static_assert(std::atomic<block_list>::is_always_lock_free);

/// 64 KiB at a multiple of their size, cut into blocks of one size class. Everything but `remote` and `next_notified`
/// belongs to the thread that owns the heap.
struct slab {
  static constexpr std::size_t size_bytes = std::size_t{64} << 10U;

  static slab* of(void* block) noexcept {
    return reinterpret_cast<slab*>(reinterpret_cast<std::uintptr_t>(block) & ~(std::uintptr_t{size_bytes} - 1));
  }

  /// The block that begins there.
  free_block* at(std::uint16_t granule) noexcept {
    return reinterpret_cast<free_block*>(reinterpret_cast<std::byte*>(this) +
                                         granule * detail::block_granularity_bytes);
  }
  std::uint16_t granule_of(const free_block* block) const noexcept {
    const auto offset = reinterpret_cast<const std::byte*>(block) - reinterpret_cast<const std::byte*>(this);
    return static_cast<std::uint16_t>(static_cast<std::size_t>(offset) / detail::block_granularity_bytes);
  }

  heap* owner;
  free_block* free = nullptr;  ///< freed by the owner, or collected from `remote`
  std::byte* fresh;            ///< first block that was never given out
  std::byte* end;              ///< past the last whole block
  std::uint32_t used = 0;      ///< blocks given out and not yet back
  std::uint8_t size_class;
  bool is_listed = false;  ///< in the owner's list of slabs with free blocks
  slab* previous = nullptr;
  slab* next = nullptr;

  /// Blocks that other threads freed. Whoever makes it non-empty tells the owner through heap::m_notified.
  alignas(base::cache_line_bytes) std::atomic<block_list> remote{};
  slab* next_notified = nullptr;
};
static_assert(sizeof(slab) <= 128);

/// Memory for slabs, shared by all heaps. Slabs that have been idle for a while go back to the system. Thread-safe.
class slab_depot {
 public:
  void* take();
  void give(void* memory);
  /// Gives back what has been idle since `before`; true if some of it is left for a later call.
  bool trim(base::time_point before);

 private:
  struct idle_slab {
    void* memory;
    base::time_point since;
  };
  static constexpr std::size_t chunk_bytes = std::size_t{4} << 20U;

  std::mutex m_mutex;
  std::vector<idle_slab> m_idle;  ///< the most recent last
  std::vector<void*> m_released;  ///< address space without memory
};

/// The one depot; never destroyed, because futures may outlive every session.
slab_depot& depot();

}  // namespace torc::task
