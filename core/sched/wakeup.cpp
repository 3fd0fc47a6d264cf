// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors
#include "core/sched/wakeup.hpp"

#include <torc/error.hpp>

#include "core/sched/scheduler.hpp"
#include "core/sched/timers.hpp"
#include "core/sched/worker.hpp"

namespace torc::sched {

struct wakeup::expiry final : timer {
  explicit expiry(wakeup& w) : target(w) {}
  void expired() noexcept override {
    phase expected = phase::waiting;
    if (target.m_phase.compare_exchange_strong(expected, phase::expired, std::memory_order_acq_rel)) target.wake();
  }
  wakeup& target;
};

void wakeup::notify() noexcept {
  if (m_phase.exchange(phase::notified, std::memory_order_acq_rel) == phase::waiting) wake();
}

void wakeup::wake() noexcept {
  if (m_worker != nullptr) {
    m_worker->make_ready(*m_fiber);
  } else {
    const auto semaphore = m_semaphore;
    semaphore->release();
  }
}

bool wakeup::wait_until(const std::optional<base::time_point>& deadline) {
  if (m_phase.load(std::memory_order_acquire) == phase::notified) return true;
  worker* const here = worker::current();
  if (here != nullptr) here->check_may_wait();
  if (here == nullptr || here->task() == nullptr) {
    m_semaphore = std::make_shared<std::binary_semaphore>(0);
    phase expected = phase::idle;
    if (!m_phase.compare_exchange_strong(expected, phase::waiting, std::memory_order_acq_rel)) return true;
    if (!deadline) {
      m_semaphore->acquire();
    } else if (!m_semaphore->try_acquire_until(*deadline)) {
      expected = phase::waiting;
      // Whoever has notified meanwhile is about to read this object.
      if (!m_phase.compare_exchange_strong(expected, phase::expired, std::memory_order_acq_rel)) m_semaphore->acquire();
    }
  } else {
    fiber::fiber& spare = here->spare_fiber();
    m_worker = here;
    m_fiber = &here->running_fiber();
    phase expected = phase::idle;
    if (!m_phase.compare_exchange_strong(expected, phase::waiting, std::memory_order_acq_rel)) {
      here->put_back(spare);
      return true;
    }
    if (!deadline) {
      here->suspend(spare);
    } else {
      expiry limit(*this);
      here->node().timers().add(limit, *deadline);
      here->suspend(spare);
      here->node().timers().remove(limit);
    }
  }
  return m_phase.load(std::memory_order_acquire) == phase::notified;
}

}  // namespace torc::sched
