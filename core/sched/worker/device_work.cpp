// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors
#include <sys/prctl.h>

#include <utility>

#include "core/base/clock.hpp"
#include "core/base/cpu_relax.hpp"
#include "core/base/log.hpp"
#include "core/sched/scheduler.hpp"
#include "core/sched/worker/devices.hpp"
#include "core/sched/worker/hot_path.hpp"
#include "core/sched/worker/worker.hpp"
#include "core/task/extras.hpp"

/// How workers and drivers run device tasks.
namespace torc::sched {
namespace {

using detail::record;
namespace flags = detail::record_flags;

}  // namespace

/// Of the running task, if it takes a slot that others may want.
lease* worker::held_lease() const noexcept {
  const record* const running = task();
  if (running == nullptr || (running->flags & flags::device) == 0) return nullptr;
  lease* const held = running->extras->lease;
  return held != nullptr && m_scheduler.devices().queue_of(running->extras->space) != nullptr ? held : nullptr;
}

void worker::lend(lease& held) noexcept { m_scheduler.devices().queue_of(task()->extras->space)->lend(held); }

void worker::reclaim(lease& held) {
  slot_queue& queue = *m_scheduler.devices().queue_of(task()->extras->space);
  // Whoever resumed this fiber has left its own, so there is one.
  fiber::fiber& spare = spare_fiber();
  if (queue.reclaim(held, m_mailbox, *m_running)) {
    put_back(spare);
  } else {
    const wait_cause cause{wait_kind::slot};
    leave_to(spare, cause);
  }
}

/// Whether run_something would find something else before the tasks of this queue.
bool worker::has_work_before(const slot_queue& queue) noexcept {
  return is_called_away() || has_stealable() || m_pinned.has_items(rank::below) ||
         m_scheduler.shared().has_items(rank::below) || m_scheduler.devices().has_turn_elsewhere(*this, queue);
}

/// Runs those that come next, until this worker has something else to do or there are none: false if there was none.
bool worker::run_device_tasks(slot_queue& queue) {
  for (bool has_run = false;; has_run = true) {
    lease held;
    record* const task = queue.take(*this, held);
    if (task == nullptr) return has_run;
    found_work();
    m_taken = &held;
    execute(*task);
    m_taken = nullptr;
    if (m_driver != nullptr && !held.is_idle) {
      // What the device has failed with before may have left work behind.
      try {
        wait_for_device(held);
      } catch (const std::exception& e) {
        base::log::line("after a task that failed: {}", e.what());
      }
    }
    const bool goes_on = m_driver == nullptr && !has_work_before(queue);
    queue.give_back(held, goes_on);
    if (!goes_on) return true;
  }
}

/// Gives the body about to run its slot: the one taken for it, or the worker's own.
lease* worker::begin_device_body(record& task, lease& own) noexcept {
  lease* held = std::exchange(m_taken, nullptr);
  if (held == nullptr) {
    own.held = m_scheduler.devices().slot_of(task.extras->space, m_local_id);
    if (own.held != nullptr) held = &own;
  }
  task.extras->lease = held;
  return held;
}

void worker::wait_for_device(lease& held) {
  if (m_driver == nullptr) return;
  try {
    device& of = held.held->of;
    of.record(held.held->index);
    if (!of.is_ready(held.held->index)) {
      fiber::fiber& spare = spare_fiber();
      driver::wait until_idle{held.held, m_running};
      m_driver->add(until_idle);
      const wait_cause cause{wait_kind::device};
      leave_to(spare, cause);
      if (until_idle.failure) std::rethrow_exception(until_idle.failure);
    }
    held.is_idle = true;
  } catch (const device_lost& e) {
    held.is_idle = true;  // as idle as it will ever be
    if (m_scheduler.config().on_lost_device) m_scheduler.config().on_lost_device(e.what());
    throw;
  } catch (const device_error&) {
    held.is_idle = true;  // the device has said how its work ended
    throw;
  }
}

void worker::prepare_driver() {
  // Sleeps of some microseconds are to be that long.
  prctl(PR_SET_TIMERSLACK, 1000UL, 0UL, 0UL, 0UL);
  try {
    m_driver->device().prepare_thread();
  } catch (const std::exception& e) {
    if (m_scheduler.config().on_lost_device) m_scheduler.config().on_lost_device(e.what());
  }
}

/// True if a task was run, or a body can go on.
bool worker::drive() {
  bool is_ready = false;
  m_driver->poll([&](fiber::fiber& waiting) {
    m_mailbox.ready().push(waiting);
    is_ready = true;
  });
  return is_ready || run_device_tasks(m_driver->queue());
}

/// Rests while bodies wait for the device.
void worker::rest_driver() noexcept {
  const auto pause = m_driver->pause();
  if (pause.count() == 0) {
    m_scheduler.has_core_for_awake() ? base::cpu_relax() : std::this_thread::yield();
    return;
  }
  const auto start = base::now();
  if (!m_mailbox.sleep(pause, [this] { return has_work(); })) m_driver->slept(pause, base::now() - start);
}

}  // namespace torc::sched
