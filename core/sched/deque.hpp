// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors
#pragma once

#include <algorithm>
#include <atomic>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

#include "core/base/cache_line.hpp"

namespace torc::sched {

/// Chase and Lev's work-stealing deque (SPAA 2005, doi:10.1145/1073970.1073974) of pointers: the owner pushes and pops
/// at the bottom, thieves take from the top.
///
/// Memory orders follow Le et al. (PPoPP 2013, doi:10.1145/2442516.2442524), with sequentially consistent operations in
/// place of their fences, which ThreadSanitizer does not see:
/// - push publishes the item and its array by the release store of bottom; a thief that reads that bottom sees them.
/// - pop stores bottom and then reads top, a thief reads top and then bottom, all four seq_cst: so of an owner and a
/// thief that are after
///   the same last item at least one sees the other, and the compare-exchange of top decides.
/// - an array that was outgrown stays until the deque goes, because a thief may still read it.
template <class Item>
class deque {
 public:
  deque() { grow(nullptr, 0, 0); }
  deque(const deque&) = delete;
  deque& operator=(const deque&) = delete;

  /// Owner only.
  void push(Item* item) {
    const std::int64_t bottom = m_bottom.load(std::memory_order_relaxed);
    array* a = m_array.load(std::memory_order_relaxed);
    if (bottom - m_top_seen >= a->capacity()) [[unlikely]] {
      m_top_seen = m_top.load(std::memory_order_acquire);
      if (bottom - m_top_seen >= a->capacity()) a = grow(a, m_top_seen, bottom);
    }
    a->at(bottom).store(item, std::memory_order_relaxed);
    m_bottom.store(bottom + 1, std::memory_order_release);
  }

  /// The newest, or null. Owner only.
  Item* pop() noexcept {
    const std::int64_t bottom = m_bottom.load(std::memory_order_relaxed) - 1;
    if (m_top.load(std::memory_order_relaxed) > bottom) return nullptr;  // top never falls: empty
    array* const a = m_array.load(std::memory_order_relaxed);
    m_bottom.store(bottom, std::memory_order_seq_cst);
    std::int64_t top = m_top.load(std::memory_order_seq_cst);
    if (top < bottom) return a->at(bottom).load(std::memory_order_relaxed);
    Item* item = nullptr;
    if (top == bottom) {
      // The last one: as a thief would take it.
      item = a->at(bottom).load(std::memory_order_relaxed);
      if (!m_top.compare_exchange_strong(top, top + 1, std::memory_order_seq_cst, std::memory_order_relaxed))
        item = nullptr;
    }
    m_bottom.store(bottom + 1, std::memory_order_release);
    return item;
  }

  /// The oldest; null if there is none or another took it first. Any thread.
  Item* steal() noexcept {
    std::int64_t top = m_top.load(std::memory_order_seq_cst);
    const std::int64_t bottom = m_bottom.load(std::memory_order_seq_cst);
    if (top >= bottom) return nullptr;
    Item* const item = m_array.load(std::memory_order_acquire)->at(top).load(std::memory_order_relaxed);
    if (!m_top.compare_exchange_strong(top, top + 1, std::memory_order_seq_cst, std::memory_order_relaxed))
      return nullptr;
    return item;
  }

  /// About how many there are; from any thread.
  std::int64_t size() const noexcept {
    return std::max<std::int64_t>(0, m_bottom.load(std::memory_order_relaxed) - m_top.load(std::memory_order_relaxed));
  }

  /// A glance from any thread.
  bool has_items() const noexcept {
    return m_top.load(std::memory_order_relaxed) < m_bottom.load(std::memory_order_relaxed);
  }

 private:
  class array {
   public:
    explicit array(std::size_t capacity)
        : m_mask(capacity - 1), m_items(std::make_unique<std::atomic<Item*>[]>(capacity)) {}
    std::int64_t capacity() const noexcept { return static_cast<std::int64_t>(m_mask + 1); }
    std::atomic<Item*>& at(std::int64_t index) const noexcept {
      return m_items[static_cast<std::size_t>(index) & m_mask];
    }

   private:
    std::size_t m_mask;
    std::unique_ptr<std::atomic<Item*>[]> m_items;
  };
  static constexpr std::size_t first_capacity = 256;

  [[gnu::noinline]] array* grow(array* old, std::int64_t top, std::int64_t bottom) {
    m_arrays.push_back(
        std::make_unique<array>(old == nullptr ? first_capacity : 2 * static_cast<std::size_t>(old->capacity())));
    array* const bigger = m_arrays.back().get();
    for (std::int64_t i = top; i < bottom; ++i) {
      bigger->at(i).store(old->at(i).load(std::memory_order_relaxed), std::memory_order_relaxed);
    }
    m_array.store(bigger, std::memory_order_release);
    return bigger;
  }

  alignas(base::cache_line_bytes) std::atomic<std::int64_t> m_top{0};
  alignas(base::cache_line_bytes) std::atomic<std::int64_t> m_bottom{0};
  std::int64_t m_top_seen = 0;  ///< owner's lower bound of top
  std::vector<std::unique_ptr<array>> m_arrays;
  std::atomic<array*> m_array{nullptr};
};

}  // namespace torc::sched
