// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors
#pragma once

#include <torc/detail/record.hpp>

#include <atomic>
#include <cstdint>
#include <memory>
#include <vector>

#include "core/metrics/counters.hpp"
#include "core/metrics/trace.hpp"
#include "core/sched/device/driver.hpp"
#include "core/sched/device/slot_queue.hpp"
#include "core/sched/idle/event_count.hpp"
#include "core/sched/worker/worker.hpp"
#include "core/task/extras.hpp"

namespace torc::sched {

class scheduler;

/// The execution spaces of a node: their slots, the queues of tasks that wait for some, the threads that drive them.
class devices {
 public:
  /// `all`: those of one space with the same way of dispatch.
  devices(scheduler& of, const std::vector<device*>& all, int drivers_per_device, torc::metrics::trace* trace);
  devices(const devices&) = delete;
  devices& operator=(const devices&) = delete;
  ~devices();

  /// The drivers, each of which needs a thread.
  const std::vector<std::unique_ptr<worker>>& drivers() const noexcept { return m_drivers; }

  // By any thread.

  /// True if it took the task, whose turn comes with a slot; else it goes the way of all tasks.
  bool push(detail::record& task);
  /// Null where tasks of the space need not wait for a slot, or cannot run.
  slot_queue* queue_of(int space) const noexcept { return m_queues[static_cast<std::size_t>(space)].get(); }
  /// The worker's own slot; null where there is none.
  slot* slot_of(int space, int local_worker) noexcept;
  /// A queue in which there is a turn for the worker, which is no driver; null if there is none.
  slot_queue* queue_with_turn(const worker& here) const noexcept;
  bool has_turn_elsewhere(const worker& here, const slot_queue& than) const noexcept;
  /// One of that rank that a worker may run without a slot.
  detail::record* take_for_host(rank of) noexcept;
  /// One that another node's worker may run, beyond what the slots here will take.
  template <class MayLeave>
  detail::record* take_for_other_host(MayLeave may_leave) noexcept {
    for (const auto& queue : m_queues) {
      if (queue == nullptr || queue->surplus_for_host() == 0) continue;
      detail::record* const task = queue->take_movable(
          [&](const detail::record& waiting) { return waiting.extras->is_for_host_too && may_leave(waiting); });
      if (task != nullptr) return task;
    }
    return nullptr;
  }
  std::int64_t surplus_for_host() const noexcept;
  /// As task_queue::take_revoked, of those that wait for slots.
  std::size_t take_revoked(revoked_tasks& into);
  detail::record* take_leftover() noexcept;
  bool has_work_for(const worker& here) const noexcept;
  bool has_tasks_without_slot() const noexcept;
  /// Spaces, one bit each, of whose slots some are free while nothing waits for them.
  std::uint64_t starving_spaces() const noexcept;
  /// Grows whenever something has come for a free slot for which nothing waited.
  std::uint64_t times_busy() const noexcept;
  /// The event count's watcher is called once for tasks that wait for slots of these spaces, one bit each, beyond what
  /// the free ones will take. As event_count::watch.
  void watch(std::uint64_t spaces) noexcept { m_watched.store(spaces, std::memory_order_relaxed); }
  /// How many there are in these.
  std::int64_t surplus(std::uint64_t spaces) const noexcept;
  torc::metrics::totals totals() const noexcept;
  void wake_all() noexcept;

 private:
  struct driver_place {
    parker own;
    event_count sleepers{{&own}};
  };
  void add_drivers(slot_queue& queue, device& of, int count, torc::metrics::trace* trace);

  scheduler& m_scheduler;
  std::atomic<std::uint64_t> m_watched{0};
  std::vector<std::unique_ptr<slot_queue>> m_queues;            ///< by space
  std::vector<std::vector<std::unique_ptr<slot>>> m_own_slots;  ///< by space, by worker
  std::vector<slot_queue*> m_of_workers;                        ///< those that workers look into
  std::vector<std::unique_ptr<driver_place>> m_places;
  std::vector<std::unique_ptr<driver>> m_driver_parts;
  std::vector<std::unique_ptr<worker>> m_drivers;
};

}  // namespace torc::sched
