// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors
#pragma once

#include <torc/detail/record.hpp>

#include <array>
#include <atomic>
#include <cstdint>
#include <deque>
#include <mutex>
#include <optional>
#include <set>

#include "core/base/cache_line.hpp"
#include "core/base/spinlock.hpp"
#include "core/sched/queue/arrivals.hpp"
#include "core/sched/queue/claims.hpp"
#include "core/sched/queue/mobility.hpp"
#include "core/sched/queue/queue_link.hpp"
#include "core/sched/queue/queue_state.hpp"
#include "core/sched/queue/turn.hpp"

namespace torc::sched {

/// Tasks in the order in which they are begun, by rank. Those that may leave the node lie apart from those that may
/// not, so that whoever looks for some to give away neither counts nor passes the others. What comes first in, first
/// out, lies in the order of its arrival until then. Thread-safe.
class task_queue {
 public:
  void push(detail::record& task, mobility where = mobility::nowhere);
  /// Before all others, whatever its rank; it stays on this node.
  void push_first(detail::record& task);

  /// The one that comes next.
  detail::record* pop(rank of) noexcept;
  detail::record* pop() noexcept;
  /// Its turn, which another thread may take in between.
  std::optional<turn> first(rank of) const noexcept;

  /// For another node: those with a priority in their order, then the oldest, which has the most below it. A task that
  /// only some nodes can run is given if it is `wanted`; of these a few are looked at.
  template <class IsWanted>
  detail::record* take_leaving(rank of, IsWanted wanted) {
    half& from = half_of(of);
    if (num_leaving(of) == 0) return nullptr;
    const std::scoped_lock lock(from.lock);
    lane& any = from.lane_of(mobility::anywhere);
    lane& some = from.lane_of(mobility::somewhere);
    if (of == rank::rest) sort_in([&] { return !any.prioritised.empty() || !any.plain.empty(); });
    detail::record* task = take_from(any.prioritised, [](const detail::record&) { return true; });
    if (task == nullptr) task = take_from(some.prioritised, wanted);
    if (task == nullptr) task = take_from(any.plain, [](const detail::record&) { return true; });
    if (task == nullptr) task = take_from(some.plain, wanted);
    if (task == nullptr) return nullptr;
    from.count(-1, true);
    from.note_priorities();
    return task;
  }

  /// Takes out those that have been revoked; how many others there are.
  std::size_t take_revoked(revoked_tasks& into);

  // Glances without the lock.

  bool has_items(rank of) const noexcept {
    if (of == rank::rest && half_of(of).balance.load(std::memory_order_acquire) + m_arriving.num_seen() != 0)
      return true;
    return num_items(of) != 0;
  }
  bool has_items() const noexcept { return has_items(rank::below) || has_items(rank::rest); }
  /// The greatest priority of that rank; no_priority if there is none.
  double greatest(rank of) const noexcept { return half_of(of).greatest.load(std::memory_order_relaxed); }
  /// How many may leave the node.
  std::int64_t num_leaving() const noexcept { return num_leaving(rank::below) + num_leaving(rank::rest); }
  /// Whether the next one to leave has a priority.
  bool leaves_by_priority() const noexcept;

  /// For reports.
  queue_state look(rank of, const task_noter& note) const;
  queue_state look(const task_noter& note) const;

 private:
  struct entry {
    turn at;
    detail::record* task;
    friend bool operator<(const entry& a, const entry& b) noexcept { return a.at < b.at; }
  };
  struct lane {
    std::set<entry> prioritised;
    std::deque<entry> plain;  ///< in the order of their arrival
  };
  /// The tasks of one rank.
  struct alignas(base::cache_line_bytes) half {
    lane& lane_of(mobility where) noexcept { return lanes[static_cast<std::size_t>(where)]; }
    /// The lane whose task comes next; null if all are empty.
    const lane* next(rank of) const noexcept;
    /// One more in its lanes that has not come there by sort_in (1), or one fewer of the rank (-1), which may leave the
    /// node or not. Under the lock.
    void count(std::int64_t change, bool may_leave) noexcept {
      balance.store(balance.load(std::memory_order_relaxed) + change, std::memory_order_release);
      if (!may_leave) return;
      leaving_balance.store(leaving_balance.load(std::memory_order_relaxed) + change, std::memory_order_release);
    }
    /// After one with a priority came or went. Under the lock.
    void note_priorities() noexcept;

    mutable base::spinlock lock;
    std::array<lane, 3> lanes;             ///< guarded
    std::atomic<std::int64_t> balance{0};  ///< see count
    std::atomic<std::int64_t> leaving_balance{0};
    std::atomic<double> greatest{no_priority};    ///< written under the lock
    std::atomic<bool> leaves_by_priority{false};  ///< written under the lock
  };

  /// How many that do not fit a thief are passed in its search for one that does.
  static constexpr int most_passed = 32;

  template <class Entries, class IsWanted>
  static detail::record* take_from(Entries& entries, IsWanted wanted) {
    int passed = 0;
    for (auto e = entries.begin(); e != entries.end() && passed < most_passed; ++e, ++passed) {
      if (!wanted(*e->task)) continue;
      detail::record* const task = e->task;
      link_out(*task);
      entries.erase(e);
      return task;
    }
    return nullptr;
  }

  static const entry& first_of(const lane& from, rank of) noexcept {
    if (!from.prioritised.empty()) return *from.prioritised.begin();
    return of == rank::below ? from.plain.back() : from.plain.front();
  }

  void insert(detail::record& task, mobility where, const turn& at);

  /// Moves what has arrived into its lanes, the oldest first, until `is_enough()`. Under the lock of rank::rest.
  template <class IsEnough>
  void sort_in(IsEnough is_enough) {
    half& into = half_of(rank::rest);
    for (const arrivals::entry* next = nullptr; !is_enough() && (next = m_arriving.first()) != nullptr;) {
      into.lane_of(next->where).plain.push_back({turn_of(*next), next->task});
      m_arriving.take_first();
    }
  }
  static turn turn_of(const arrivals::entry& arrived) noexcept { return {rank::rest, no_priority, arrived.arrival}; }

  // First the balance, so that what has been taken by then is found among what has arrived.
  std::int64_t num_items(rank of) const noexcept {
    const std::int64_t balance = half_of(of).balance.load(std::memory_order_acquire);
    return of == rank::below ? balance : balance + m_arriving.num_pushed();
  }
  std::int64_t num_leaving(rank of) const noexcept {
    const std::int64_t balance = half_of(of).leaving_balance.load(std::memory_order_acquire);
    return of == rank::below ? balance : balance + m_arriving.num_leaving();
  }

  half& half_of(rank of) noexcept { return m_halves[static_cast<std::size_t>(of)]; }
  const half& half_of(rank of) const noexcept { return m_halves[static_cast<std::size_t>(of)]; }

  /// Of all queues, so that tasks of several can be compared.
  static inline std::atomic<std::uint64_t> s_arrivals{0};

  std::array<half, 2> m_halves;
  arrivals m_arriving;  ///< of rank::rest, without a priority; taken under the lock of that half
};

}  // namespace torc::sched
