// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors
#pragma once

#include <torc/detail/record.hpp>

#include <algorithm>
#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <mutex>

#include "core/base/cache_line.hpp"
#include "core/base/spinlock.hpp"
#include "core/sched/queue/mobility.hpp"
#include "core/sched/queue/queue_link.hpp"

namespace torc::sched {

/// Queued tasks, first in, first out, with a lock for each end as in the queue of Michael and Scott (PODC 1996,
/// doi:10.1145/248052.248106): a thread that submits one task after another and the workers that run them do not wait
/// for each other, and while there are some that have been seen, workers read nothing that is about to be written.
///
/// Whoever pushes publishes the entry, and the chunk that it lies in, by the release store of m_pushed; whoever takes
/// reads that before it looks at either. A chunk is freed by who takes, once a later one has an entry: then nobody
/// pushes into it any more.
class arrivals {
 public:
  struct entry {
    std::uint64_t arrival = 0;
    detail::record* task = nullptr;
    mobility where = mobility::nowhere;
  };

  arrivals() = default;
  arrivals(const arrivals&) = delete;
  arrivals& operator=(const arrivals&) = delete;
  ~arrivals() {
    while (m_first != nullptr) leave_first_chunk();
  }

  /// Any thread. Nothing has happened if it throws.
  void push(const entry& pushed) {
    const std::scoped_lock lock(m_push_lock);
    if (m_end == m_last->entries.size()) {
      m_last->next = new chunk;
      m_last = m_last->next;
      m_end = 0;
    }
    link_in(*pushed.task);
    m_last->entries[m_end++] = pushed;
    if (pushed.where != mobility::nowhere) m_leaving.store(num_leaving() + 1, std::memory_order_relaxed);
    m_pushed.store(num_pushed() + 1, std::memory_order_release);
  }

  // By one thread at a time, under a lock of its own.

  /// The oldest; null if there is none.
  const entry* first() noexcept {
    if (m_taken == num_seen()) {
      m_seen.store(m_pushed.load(std::memory_order_acquire), std::memory_order_relaxed);
      if (m_taken == num_seen()) return nullptr;
    }
    if (m_begin == m_first->entries.size()) leave_first_chunk();
    return &m_first->entries[m_begin];
  }
  /// What first() has just returned.
  void take_first() noexcept {
    ++m_begin;
    ++m_taken;
  }
  /// Calls the function for the oldest ones, which stay; for at most so many.
  template <class Function>
  void for_oldest(std::size_t most, Function function) const {
    const auto left = static_cast<std::size_t>(m_pushed.load(std::memory_order_acquire) - m_taken);
    const chunk* in = m_first;
    std::size_t place = m_begin;
    for (std::size_t i = 0; i < std::min(most, left); ++i, ++place) {
      if (place == in->entries.size()) {
        in = in->next;
        place = 0;
      }
      function(in->entries[place]);
    }
  }

  // Glances from any thread.

  /// How many have been pushed so far, and how many of these may leave the node.
  std::int64_t num_pushed() const noexcept { return m_pushed.load(std::memory_order_relaxed); }
  std::int64_t num_leaving() const noexcept { return m_leaving.load(std::memory_order_relaxed); }
  /// How many had been pushed when who takes looked last: a glance that costs those who push nothing.
  std::int64_t num_seen() const noexcept { return m_seen.load(std::memory_order_relaxed); }

 private:
  struct chunk {
    std::array<entry, 128> entries;
    chunk* next = nullptr;
  };

  void leave_first_chunk() noexcept {
    const std::unique_ptr<chunk> left(m_first);
    m_first = left->next;
    m_begin = 0;
  }

  // Theirs who push.
  alignas(base::cache_line_bytes) base::spinlock m_push_lock;
  chunk* m_last = new chunk;
  std::size_t m_end = 0;  ///< of what is filled in the last chunk
  /// Apart, because a glance would take the lock's line away from who is about to push.
  alignas(base::cache_line_bytes) std::atomic<std::int64_t> m_pushed{0};
  std::atomic<std::int64_t> m_leaving{0};
  // Theirs who take.
  alignas(base::cache_line_bytes) chunk* m_first = m_last;
  std::size_t m_begin = 0;  ///< of what is left in the first chunk
  std::int64_t m_taken = 0;
  std::atomic<std::int64_t> m_seen{0};  ///< what m_pushed was when it was read last
};

}  // namespace torc::sched
