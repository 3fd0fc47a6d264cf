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

namespace torc::sched {

/// Tasks with a priority: greater first, equal ones in the order of their arrival. Thread-safe.
class priority_queue {
 public:
  void push(detail::record& task, double priority) {
    const std::scoped_lock lock(m_lock);
    m_heap.push_back({priority, m_arrivals++, &task});
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
