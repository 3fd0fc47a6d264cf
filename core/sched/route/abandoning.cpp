// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors
#include "core/sched/route/abandoning.hpp"

#include <chrono>
#include <utility>
#include <vector>

#include "core/base/clock.hpp"
#include "core/sched/queue/claims.hpp"
#include "core/sched/scheduler.hpp"
#include "core/sched/worker/calling_task.hpp"
#include "core/sched/worker/completion.hpp"
#include "core/sched/worker/devices.hpp"
#include "core/sched/worker/worker.hpp"

/// How a session ends early: no task is begun any more.
namespace torc::sched {
namespace {

using detail::record;
namespace flags = detail::record_flags;

/// Between two looks for tasks that bodies have submitted meanwhile, or other nodes have sent; longer where callbacks
/// had to be taken out and put back, for as many workers as there are to run them.
constexpr std::chrono::microseconds pause{5000};
constexpr std::chrono::microseconds pause_for_kept{2};

}  // namespace

bool abandoner::start() noexcept {
  const std::scoped_lock lock(m_mutex);
  if (m_is_over || m_thread.joinable()) return true;
  try {
    m_thread = std::thread([this] { run(); });
    return true;
  } catch (...) {
    return false;
  }
}

void abandoner::stop() noexcept {
  std::thread ending;
  {
    const std::scoped_lock lock(m_mutex);
    m_is_over = true;
    ending = std::move(m_thread);
  }
  m_stops.notify_all();
  if (ending.joinable()) ending.join();
}

void abandoner::run() {
  const waiting_ban ban(
      "a task that will not begin may not wait: the destructor of its function or of an argument was about to");
  std::unique_lock lock(m_mutex);
  while (!m_is_over) {
    lock.unlock();
    const std::size_t num_kept = end_all();
    lock.lock();
    m_stops.wait_for(lock, pause + num_kept * pause_for_kept, [this] { return m_is_over; });
  }
}

/// How many it has left. Not for longer than it pauses: bodies may submit as fast as it ends what they have submitted,
/// and what it leaves is to begin.
std::size_t abandoner::end_all() {
  const base::time_point until = base::now() + pause;
  std::vector<record*> kept;
  while (record* const task = m_scheduler.take_unbegun()) {
    if (m_scheduler.gives_up(*task)) {
      m_scheduler.end_unbegun(*task);
    } else {
      kept.push_back(task);
    }
    if (base::now() >= until) break;
  }
  for (record* const task : kept) m_scheduler.enqueue(*task, true);
  return kept.size();
}

void scheduler::abandon(abandonment reach) noexcept {
  abandonment before = m_abandonment.load(std::memory_order_relaxed);
  while (before < reach && !m_abandonment.compare_exchange_weak(before, reach, std::memory_order_relaxed)) {
  }
  if (before >= reach || m_abandoner->start()) return;
  while (record* const task = m_limits.take_waiting()) queue_first(*task);  // to where workers come
}

bool scheduler::gives_up(const record& task) const noexcept {
  if ((task.flags & flags::spmd_body) != 0) return false;
  const abandonment reach = m_abandonment.load(std::memory_order_relaxed);
  return (task.flags & flags::callback) != 0 ? reach >= abandonment::callbacks : reach >= abandonment::tasks;
}

record* scheduler::take_unbegun() noexcept {
  if (record* const task = m_shared.pop(); task != nullptr) return task;
  if (record* const task = m_callbacks.pop(); task != nullptr) return task;
  if (record* const task = m_limits.take_waiting(); task != nullptr) return task;
  if (record* const task = m_limits.take_asking(); task != nullptr) return task;
  if (record* const task = m_devices->take_leftover(); task != nullptr) return task;
  if (record* const task = m_gangs.take_unbegun(); task != nullptr) {
    m_work_event.notify_all();  // the one behind it is to be joined
    return task;
  }
  for (const auto& w : m_workers) {
    if (record* const task = w->take_from_outside(); task != nullptr) return task;
  }
  return nullptr;
}

void scheduler::end_unbegun(record& task) {
  const bool is_claimed = claim_for_body(task);
  if (is_claimed) task.result_kind = detail::outcome::stopped;
  if ((task.flags & flags::limited) != 0) release_units(task);
  m_running.let_read();
  if (is_claimed) {
    complete(task);
  } else {
    release_reference(task);  // cancelled: it was only an entry in a queue
  }
}

}  // namespace torc::sched
