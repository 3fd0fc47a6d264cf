// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors
#include "core/sched/worker/devices.hpp"

#include <algorithm>

#include "core/sched/scheduler.hpp"
#include "core/task/extras.hpp"

namespace torc::sched {

using detail::record;

devices::devices(scheduler& of, const std::vector<device*>& all, int drivers_per_device, torc::metrics::trace* trace)
    : m_scheduler(of) {
  const auto count = static_cast<std::size_t>(of.config().spaces.size());
  m_queues.resize(count);
  m_own_slots.resize(count);
  for (device* const one : all) {
    const int space = of.config().spaces.find(one->space());
    const auto at = static_cast<std::size_t>(space);
    if (one->dispatch() == dispatch::each_worker) {
      for (int i = 0; i < one->num_slots(); ++i) {
        m_own_slots[at].push_back(std::make_unique<slot>(*one, i, &of.worker_at(i)));
      }
      continue;
    }
    auto& queue = m_queues[at];
    switch (one->dispatch()) {
      case dispatch::drivers:
        if (queue == nullptr) {
          queue = std::make_unique<slot_queue>(space, [this, space] {
            for (std::size_t i = 0; i < m_drivers.size(); ++i) {
              if (m_driver_parts[i]->queue().space() == space) m_drivers[i]->wake();
            }
            if (m_queues[static_cast<std::size_t>(space)]->has_for_host()) m_scheduler.work_event().notify();
          });
        }
        add_drivers(*queue, *one, std::min(drivers_per_device, one->num_slots()), trace);
        break;
      case dispatch::one_worker:
        queue = std::make_unique<slot_queue>(space, [this] { m_scheduler.work_event().notify(); });
        for (int i = 0; i < one->num_slots(); ++i) queue->add_slot(*one, i, nullptr);
        m_of_workers.push_back(queue.get());
        break;
      case dispatch::first_thread:
        queue = std::make_unique<slot_queue>(space, [this] {
          m_scheduler.worker_at(0).wake();
          m_scheduler.work_event().notify();
        });
        for (int i = 0; i < one->num_slots(); ++i) queue->add_slot(*one, i, &of.worker_at(0));
        m_of_workers.push_back(queue.get());
        break;
      case dispatch::each_worker:
        break;
    }
  }
}

devices::~devices() = default;

void devices::add_drivers(slot_queue& queue, device& of, int count, torc::metrics::trace* trace) {
  std::vector<worker*> made;
  for (int i = 0; i < count; ++i) {
    m_places.push_back(std::make_unique<driver_place>());
    m_driver_parts.push_back(std::make_unique<driver>(queue, of));
    torc::metrics::trace_track* const track = trace != nullptr ? &trace->add_track(of.description()) : nullptr;
    m_drivers.push_back(std::make_unique<worker>(m_scheduler, *m_driver_parts.back(), m_places.back()->sleepers,
                                                 m_places.back()->own, track));
    made.push_back(m_drivers.back().get());
  }
  for (int i = 0; i < of.num_slots(); ++i) {
    queue.add_slot(of, i, made[static_cast<std::size_t>(i) % made.size()]);
  }
}

bool devices::push(record& task) {
  slot_queue* const queue = queue_of(task.extras->space);
  if (queue == nullptr) return false;
  const std::uint64_t bit = space_map::bit_of(queue->space());  // the task may be over as soon as it is queued
  queue->push(task);
  if ((m_watched.load(std::memory_order_relaxed) & bit) != 0 && queue->surplus() > 0 &&
      (m_watched.exchange(0, std::memory_order_relaxed) & bit) != 0)
    m_scheduler.work_event().call_watcher();
  return true;
}

slot* devices::slot_of(int space, int local_worker) noexcept {
  const auto& own = m_own_slots[static_cast<std::size_t>(space)];
  const auto at = static_cast<std::size_t>(local_worker);
  return local_worker >= 0 && at < own.size() ? own[at].get() : nullptr;
}

slot_queue* devices::queue_with_turn(const worker& here) const noexcept {
  for (slot_queue* const queue : m_of_workers) {
    if (queue->has_turn(here)) return queue;
  }
  return nullptr;
}

bool devices::has_turn_elsewhere(const worker& here, const slot_queue& than) const noexcept {
  return std::any_of(m_of_workers.begin(), m_of_workers.end(),
                     [&](const slot_queue* queue) { return queue != &than && queue->has_turn(here); });
}

record* devices::take_for_host(rank of) noexcept {
  for (const auto& queue : m_queues) {
    if (queue == nullptr) continue;
    if (record* const task = queue->take_for_host(of); task != nullptr) return task;
  }
  return nullptr;
}

std::size_t devices::take_revoked(revoked_tasks& into) {
  std::size_t left = 0;
  for (const auto& queue : m_queues) {
    if (queue != nullptr) left += queue->take_revoked(into);
  }
  return left;
}

record* devices::take_leftover() noexcept {
  for (const auto& queue : m_queues) {
    if (queue == nullptr) continue;
    if (record* const task = queue->take_leftover(); task != nullptr) return task;
  }
  return nullptr;
}

bool devices::has_tasks_without_slot() const noexcept {
  return std::any_of(m_queues.begin(), m_queues.end(),
                     [](const auto& queue) { return queue != nullptr && queue->has_for_host(); });
}

bool devices::has_work_for(const worker& here) const noexcept {
  return queue_with_turn(here) != nullptr || has_tasks_without_slot();
}

std::uint64_t devices::starving_spaces() const noexcept {
  std::uint64_t bits = 0;
  for (const auto& queue : m_queues) {
    if (queue != nullptr && queue->is_starving()) bits |= space_map::bit_of(queue->space());
  }
  return bits;
}

std::uint64_t devices::times_busy() const noexcept {
  std::uint64_t sum = 0;
  for (const auto& queue : m_queues) sum += queue != nullptr ? queue->times_busy() : 0;
  return sum;
}

std::int64_t devices::surplus(std::uint64_t spaces) const noexcept {
  std::int64_t sum = 0;
  for (const auto& queue : m_queues) {
    if (queue != nullptr && (spaces & space_map::bit_of(queue->space())) != 0) sum += queue->surplus();
  }
  return sum;
}

std::int64_t devices::surplus_for_host() const noexcept {
  std::int64_t sum = 0;
  for (const auto& queue : m_queues) sum += queue != nullptr ? queue->surplus_for_host() : 0;
  return sum;
}

torc::metrics::totals devices::totals() const noexcept {
  torc::metrics::totals sum;
  for (const auto& one : m_drivers) {
    const auto own = one->totals();
    sum.created += own.created;
    sum.begun += own.begun;
    sum.executed += own.executed;
    sum.suspended += own.suspended;
  }
  return sum;
}

void devices::wake_all() noexcept {
  for (const auto& one : m_drivers) one->wake();
}

}  // namespace torc::sched
