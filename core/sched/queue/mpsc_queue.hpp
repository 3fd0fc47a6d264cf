// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors
#pragma once

#include <atomic>

#include "core/base/cache_line.hpp"
#include "core/sched/queue/queue_link.hpp"

namespace torc::sched {

/// First in, first out, linked through `Item::next`; any thread pushes without waiting, one thread at a time pops
/// (Vyukov's intrusive queue with a stub). Push is one exchange, a full barrier for what follows it in program order.
/// An item must be in no queue when it is pushed.
template <class Item>
class mpsc_queue {
 public:
  mpsc_queue() noexcept = default;
  mpsc_queue(const mpsc_queue&) = delete;
  mpsc_queue& operator=(const mpsc_queue&) = delete;

  void push(Item& item) {
    link_in(item);
    std::atomic<Item*>* const before = m_tail.exchange(&item.next, std::memory_order_seq_cst);
    // Until this store the queue ends, for the consumer, before the item.
    before->store(&item, std::memory_order_release);
  }

  /// The oldest, or null; also null while the push of the oldest is under way, whose thread then wakes whoever sleeps.
  Item* pop() noexcept {
    Item* const item = m_head;
    if (item == nullptr) {
      Item* const first = m_first.load(std::memory_order_acquire);
      if (first == nullptr) return nullptr;
      m_first.store(nullptr, std::memory_order_relaxed);
      m_head = first;
      return pop();
    }
    if (Item* const following = item->next.load(std::memory_order_acquire); following != nullptr) {
      m_head = following;
      link_out(*item);
      return item;
    }
    // The last one as far as can be seen: make the stub the tail again, unless somebody pushes behind it.
    std::atomic<Item*>* last = &item->next;
    if (m_tail.compare_exchange_strong(last, &m_first, std::memory_order_seq_cst)) {
      m_head = nullptr;
      link_out(*item);
      return item;
    }
    Item* const following = item->next.load(std::memory_order_acquire);
    if (following == nullptr) return nullptr;  // linked in a moment
    m_head = following;
    link_out(*item);  // whoever pushed behind it has written into it, and nobody writes twice
    return item;
  }

  /// A glance from any thread; also true while the only push is under way.
  bool has_items() const noexcept { return m_tail.load(std::memory_order_relaxed) != &m_first; }

 private:
  alignas(base::cache_line_bytes) std::atomic<std::atomic<Item*>*> m_tail{&m_first};
  alignas(base::cache_line_bytes) std::atomic<Item*> m_first{nullptr};  ///< the stub's link
  Item* m_head = nullptr;                                               ///< oldest item; consumer only
};

}  // namespace torc::sched
