// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors
#pragma once

#include <algorithm>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <mutex>
#include <utility>
#include <vector>

#include "core/base/cache_line.hpp"
#include "core/base/clock.hpp"
#include "core/base/spinlock.hpp"
#include "core/sched/queue/ring.hpp"

namespace torc::sched {

/// Chase and Lev's work-stealing deque (SPAA 2005, doi:10.1145/1073970.1073974) of pointers: the owner pushes and pops
/// at the bottom, thieves take from the top.
///
/// Memory orders follow Le et al. (PPoPP 2013, doi:10.1145/2442516.2442524), with sequentially consistent operations in
/// place of their fences, which ThreadSanitizer does not see:
/// - push publishes the item and its ring by the release store of bottom; a thief that reads that bottom sees them.
/// - pop stores bottom and then reads top, a thief reads top and then bottom, all four seq_cst: so of an owner and a
/// thief that are after
///   the same last item at least one sees the other, and the compare-exchange of top decides.
///
/// The ring grows with the items, and once all of them are gone it shrinks again:
/// - A thief counts itself in m_thieves and then reads m_ring; the owner stores another ring and then reads m_thieves,
///   all four seq_cst. So if the owner reads 0, whoever counts itself later sees the new ring, and those that have left
///   released what they read: the old rings are nobody's. Else they stay until the owner looks again.
/// - The owner shrinks only an empty deque. A thief that read top and bottom before the deque became empty may find
///   anything in the new ring, but then top has moved on and its compare-exchange fails.
template <class Item>
class deque {
 public:
  deque() = default;
  deque(const deque&) = delete;
  deque& operator=(const deque&) = delete;

  /// Owner only.
  [[gnu::always_inline]] void push(Item* item) {
    const std::int64_t bottom = m_bottom.load(std::memory_order_relaxed);
    ring<Item>* r = m_ring.load(std::memory_order_relaxed);
    if (bottom - m_top_seen >= r->capacity()) [[unlikely]] {
      m_top_seen = m_top.load(std::memory_order_acquire);
      if (bottom - m_top_seen >= r->capacity()) r = &grow(bottom);
    }
    r->store(bottom, item);
    m_bottom.store(bottom + 1, std::memory_order_release);
  }

  /// The newest, or null. Owner only.
  [[gnu::always_inline]] Item* pop() noexcept {
    const std::int64_t bottom = m_bottom.load(std::memory_order_relaxed) - 1;
    if (m_top.load(std::memory_order_relaxed) > bottom) return nullptr;  // top never falls: empty
    ring<Item>* const r = m_ring.load(std::memory_order_relaxed);
    m_bottom.store(bottom, std::memory_order_seq_cst);
    std::int64_t top = m_top.load(std::memory_order_seq_cst);
    if (top < bottom) return r->load(bottom);
    Item* item = nullptr;
    if (top == bottom) {
      // The last one: as a thief would take it.
      item = r->load(bottom);
      if (!m_top.compare_exchange_strong(top, top + 1, std::memory_order_seq_cst, std::memory_order_relaxed))
        item = nullptr;
    }
    m_bottom.store(bottom + 1, std::memory_order_release);
    if (r != m_kept.get()) [[unlikely]] {
      shrink();
    }
    return item;
  }

  /// The oldest; null if there is none or another took it first. Any thread.
  Item* steal() noexcept {
    std::int64_t top = m_top.load(std::memory_order_seq_cst);
    const std::int64_t bottom = m_bottom.load(std::memory_order_seq_cst);
    if (top >= bottom) return nullptr;
    m_thieves.fetch_add(1, std::memory_order_seq_cst);
    Item* const item = m_ring.load(std::memory_order_seq_cst)->load(top);
    m_thieves.fetch_sub(1, std::memory_order_release);
    if (!m_top.compare_exchange_strong(top, top + 1, std::memory_order_seq_cst, std::memory_order_relaxed))
      return nullptr;
    return item;
  }

  /// Calls the function for the oldest ones, which stay; for at most so many. Somebody may take them at the same
  /// moment. Any thread.
  template <class Function>
  void for_oldest(std::size_t most, Function function) {
    std::vector<Item*> items(std::min(most, static_cast<std::size_t>(size())));
    m_thieves.fetch_add(1, std::memory_order_seq_cst);
    const ring<Item>* const from = m_ring.load(std::memory_order_seq_cst);
    const std::int64_t top = m_top.load(std::memory_order_seq_cst);
    const std::int64_t end =
        std::min(m_bottom.load(std::memory_order_seq_cst), top + static_cast<std::int64_t>(items.size()));
    for (std::int64_t i = top; i < end; ++i) items[static_cast<std::size_t>(i - top)] = from->load(i);
    const bool is_same_ring = m_ring.load(std::memory_order_seq_cst) == from;
    m_thieves.fetch_sub(1, std::memory_order_release);
    // It became empty meanwhile, or full: what was read may never have been in this ring.
    if (!is_same_ring) return;
    // Others took some meanwhile.
    const std::int64_t first_left = m_top.load(std::memory_order_seq_cst);
    const std::int64_t end_left = std::min(end, m_bottom.load(std::memory_order_seq_cst));
    for (std::int64_t i = std::max(top, first_left); i < end_left; ++i)
      function(*items[static_cast<std::size_t>(i - top)]);
  }

  /// About how many there are; from any thread.
  std::int64_t size() const noexcept {
    return std::max<std::int64_t>(0, m_bottom.load(std::memory_order_relaxed) - m_top.load(std::memory_order_relaxed));
  }

  /// A glance from any thread.
  bool has_items() const noexcept {
    return m_top.load(std::memory_order_relaxed) < m_bottom.load(std::memory_order_relaxed);
  }

  /// Places of the ring in use. Owner only.
  std::int64_t capacity() const noexcept { return m_ring.load(std::memory_order_relaxed)->capacity(); }

  /// If it is empty, goes back to a small ring; the large one is kept for a while. Owner only.
  [[gnu::noinline]] void shrink() noexcept {
    if (m_large == nullptr || has_items()) return;
    ring<Item>* const large = m_ring.load(std::memory_order_relaxed);
    m_ring.store(m_kept.get(), std::memory_order_seq_cst);
    if (m_thieves.load(std::memory_order_seq_cst) != 0) {
      m_ring.store(large, std::memory_order_release);
      return;
    }
    m_outgrown.clear();
    const base::time_point now = base::now();
    std::unique_ptr<ring<Item>> smaller;  // freed without the lock
    const std::scoped_lock lock(m_spare_lock);
    smaller = std::move(m_spare);
    m_spare = std::move(m_large);
    m_spare_since = now;
  }

  /// Gives back a large ring that has not been in use since `before`. Any thread.
  void trim(base::time_point before) noexcept {
    std::unique_ptr<ring<Item>> idle;
    const std::scoped_lock lock(m_spare_lock);
    if (m_spare_since <= before) idle = std::move(m_spare);
  }

 private:
  static constexpr std::size_t first_capacity = 512;
  static constexpr std::int64_t kept_capacity = 4096;

  [[gnu::noinline]] ring<Item>& grow(std::int64_t bottom) {
    const ring<Item>& old = *m_ring.load(std::memory_order_relaxed);
    const std::int64_t capacity = 2 * old.capacity();
    m_outgrown.reserve(m_outgrown.size() + 1);
    std::unique_ptr<ring<Item>> bigger = capacity > kept_capacity ? take_spare(capacity) : nullptr;
    if (bigger == nullptr) bigger = std::make_unique<ring<Item>>(static_cast<std::size_t>(capacity));
    for (std::int64_t i = m_top_seen; i < bottom; ++i) bigger->store(i, old.load(i));
    m_ring.store(bigger.get(), std::memory_order_seq_cst);
    std::unique_ptr<ring<Item>>& place = capacity <= kept_capacity ? m_kept : m_large;
    place.swap(bigger);
    if (bigger != nullptr) m_outgrown.push_back(std::move(bigger));
    if (m_thieves.load(std::memory_order_seq_cst) == 0) m_outgrown.clear();
    return *place;
  }

  std::unique_ptr<ring<Item>> take_spare(std::int64_t capacity) noexcept {
    const std::scoped_lock lock(m_spare_lock);
    if (m_spare == nullptr || m_spare->capacity() < capacity) return nullptr;
    return std::move(m_spare);
  }

  alignas(base::cache_line_bytes) std::atomic<std::int64_t> m_top{0};
  std::atomic<std::int32_t> m_thieves{0};  ///< that may read a ring
  alignas(base::cache_line_bytes) std::atomic<std::int64_t> m_bottom{0};
  std::int64_t m_top_seen = 0;                                                        ///< owner's lower bound of top
  std::unique_ptr<ring<Item>> m_kept = std::make_unique<ring<Item>>(first_capacity);  ///< the largest small one
  std::atomic<ring<Item>*> m_ring{m_kept.get()};                                      ///< m_kept, or else m_large
  std::unique_ptr<ring<Item>> m_large;
  std::vector<std::unique_ptr<ring<Item>>> m_outgrown;  ///< thieves may still read them
  base::spinlock m_spare_lock;
  std::unique_ptr<ring<Item>> m_spare;  ///< for the next time that many items are queued; guarded
  base::time_point m_spare_since;       ///< guarded
};

}  // namespace torc::sched
