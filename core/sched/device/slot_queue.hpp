// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors
#pragma once

#include <torc/detail/record.hpp>

#include <algorithm>
#include <atomic>
#include <cstdint>
#include <functional>
#include <limits>
#include <list>
#include <map>
#include <mutex>
#include <utility>
#include <vector>

#include "core/base/spinlock.hpp"
#include "core/sched/device/lease.hpp"
#include "core/sched/queue/claims.hpp"
#include "core/sched/queue/queue_state.hpp"
#include "core/sched/queue/turn.hpp"

namespace torc::sched {

/// The tasks of a node that wait for a slot of one execution space, and the slots. A slot runs one task at a time;
/// while that one waits for others, the slot serves tasks below device tasks: perhaps its own, perhaps those that
/// others wait for, who hold slots here or elsewhere. Thread-safe but where said.
///
/// Whoever waits for tasks below itself does not wait for ever. The task on top of a slot runs, or waits and lends it;
/// so there is a slot for the first queued task below a device task, unless all tops run. A task is kept waiting by
/// those on top of it, which have begun later, and by tasks below itself, which have begun later or not at all: so
/// there is no circle.
class slot_queue {
 public:
  /// `wake`: called without a lock when a thread that uses slots may find a task now.
  slot_queue(int space, std::function<void()> wake) : m_space(space), m_wake(std::move(wake)) {}
  slot_queue(const slot_queue&) = delete;
  slot_queue& operator=(const slot_queue&) = delete;

  int space() const noexcept { return m_space; }
  /// Before anything is queued. `runner`: the only worker that may use the slot; null for any.
  void add_slot(device& where, int index, const worker* runner);

  void push(detail::record& task);
  /// A task that the runner's thread is to run now, holding a slot; null if there is none.
  detail::record* take(const worker& runner, lease& held) noexcept;
  /// The body is over, or was not begun. `takes_next`: the calling runner takes from here again at once, so nobody else
  /// need be woken.
  void give_back(lease& held, bool takes_next) noexcept;

  /// The task that holds it is about to wait.
  void lend(lease& held) noexcept;
  /// It may go on. True if the slot is its own again; else `waiting` is made ready once it is.
  bool reclaim(lease& held, mailbox& owner, fiber::fiber& waiting) noexcept;

  /// The first one that a worker may run without a slot, if it is of that rank.
  detail::record* take_for_host(rank of) noexcept;
  /// One that may leave the node, the oldest first.
  template <class MayLeave>
  detail::record* take_movable(MayLeave may_leave) noexcept {
    const std::scoped_lock lock(m_lock);
    // Those from outside first: they have the most below them.
    for (auto next = m_tasks.begin(); next != m_tasks.end(); ++next) {
      if (!next->first.is_below_device && may_leave(*next->second)) return extract(next);
    }
    for (auto next = m_tasks.begin(); next != m_tasks.end(); ++next) {
      if (may_leave(*next->second)) return extract(next);
    }
    return nullptr;
  }
  /// As task_queue::take_revoked.
  std::size_t take_revoked(revoked_tasks& into);
  detail::record* take_leftover() noexcept;

  /// For reports.
  slots_state look(const task_noter& note) const;

  /// Whether take would give the runner something.
  bool has_turn(const worker& runner) const noexcept;
  bool has_for_host() const noexcept { return m_num_for_host.load(std::memory_order_relaxed) != 0; }
  /// Tasks that wait beyond what the free slots will take.
  std::int64_t surplus() const noexcept;
  /// How many of these a worker may run without a slot.
  std::int64_t surplus_for_host() const noexcept {
    return std::min(surplus(), m_num_for_host.load(std::memory_order_relaxed));
  }
  /// Whether a slot is free and nothing waits.
  bool is_starving() const noexcept { return m_num_tasks.load(std::memory_order_relaxed) == 0 && num_free() > 0; }
  /// How often something has come when it was starving.
  std::uint64_t times_busy() const noexcept { return m_times_busy.load(std::memory_order_relaxed); }

 private:
  /// Those below a device task come first of all, because slots may be lent to them alone.
  struct place {
    bool is_below_device;
    turn at;
    friend bool operator<(const place& a, const place& b) noexcept {
      return a.is_below_device != b.is_below_device ? a.is_below_device : a.at < b.at;
    }
  };
  using tasks = std::map<place, detail::record*>;

  std::int64_t num_free() const noexcept { return m_num_free.load(std::memory_order_relaxed); }
  detail::record* extract(tasks::iterator at) noexcept;
  bool may_use(const slot& s, const worker& runner) const noexcept {
    return s.runner == nullptr || s.runner == &runner;
  }
  /// Whether there is a task, and a slot for it, whoever may use that.
  bool has_place_for_first() const noexcept {
    return !m_tasks.empty() && (num_free() > 0 || (m_num_lent > 0 && m_tasks.begin()->first.is_below_device));
  }
  /// The slot and the task that come next for the runner.
  std::pair<slot*, tasks::iterator> next_turn(const worker& runner) noexcept;

  const int m_space;
  const std::function<void()> m_wake;
  mutable base::spinlock m_lock;
  std::list<slot> m_slots;  ///< constant but for what is below the lock in each
  tasks m_tasks;            ///< guarded
  std::uint64_t m_arrivals = 0;
  int m_num_lent = 0;  ///< slots whose holder waits; guarded
  std::atomic<std::int64_t> m_num_tasks{0};
  std::atomic<std::int64_t> m_num_for_host{0};
  std::atomic<std::int64_t> m_num_free{0};
  std::atomic<std::uint64_t> m_times_busy{0};
};

}  // namespace torc::sched
