// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors
#pragma once

#include <torc/detail/record.hpp>

#include <algorithm>
#include <atomic>
#include <cstdint>
#include <mutex>
#include <vector>

#include "core/base/spinlock.hpp"
#include "core/sched/queue_link.hpp"

namespace torc::sched {

/// Tasks with a priority: greater first, equal ones in the order of their arrival. Thread-safe.
class priority_queue {
 public:
  void push(detail::record& task, double priority) {
    const std::scoped_lock lock(m_lock);
    m_heap.push_back({priority, m_arrivals++, &task});
    link_in(task);
    std::push_heap(m_heap.begin(), m_heap.end());
    m_size.store(m_heap.size(), std::memory_order_seq_cst);
  }

  detail::record* pop() noexcept {
    if (!has_items()) return nullptr;
    const std::scoped_lock lock(m_lock);
    if (m_heap.empty()) return nullptr;
    std::pop_heap(m_heap.begin(), m_heap.end());
    detail::record* const task = m_heap.back().task;
    m_heap.pop_back();
    m_size.store(m_heap.size(), std::memory_order_relaxed);
    link_out(*task);
    return task;
  }

  /// The first one that `is_wanted`.
  template <class IsWanted>
  detail::record* pop_if(IsWanted is_wanted) {
    if (!has_items()) return nullptr;
    const std::scoped_lock lock(m_lock);
    auto best = m_heap.end();
    // The first of a heap is mostly the one; else all are looked through.
    for (auto e = m_heap.begin(); e != m_heap.end(); ++e) {
      if ((best == m_heap.end() || *best < *e) && is_wanted(*e->task)) best = e;
      if (best == m_heap.begin()) break;
    }
    if (best == m_heap.end()) return nullptr;
    detail::record* const task = best->task;
    if (best == m_heap.begin()) {
      std::pop_heap(m_heap.begin(), m_heap.end());
      m_heap.pop_back();
    } else {
      *best = m_heap.back();
      m_heap.pop_back();
      std::make_heap(m_heap.begin(), m_heap.end());
    }
    m_size.store(m_heap.size(), std::memory_order_relaxed);
    link_out(*task);
    return task;
  }

  /// A glance without the lock.
  bool has_items() const noexcept { return m_size.load(std::memory_order_relaxed) != 0; }

 private:
  struct entry {
    double priority;
    std::uint64_t arrival;
    detail::record* task;
    bool operator<(const entry& other) const noexcept {
      return priority != other.priority ? priority < other.priority : arrival > other.arrival;
    }
  };

  base::spinlock m_lock;
  std::vector<entry> m_heap;
  std::uint64_t m_arrivals = 0;
  std::atomic<std::size_t> m_size{0};
};

}  // namespace torc::sched
