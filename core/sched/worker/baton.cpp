// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors
#include "core/sched/worker/baton.hpp"

#include <utility>

#include "core/sched/scheduler.hpp"
#include "core/sched/wait/thread_wait.hpp"
#include "core/sched/wait/timers.hpp"
#include "core/sched/worker/calling_task.hpp"
#include "core/sched/worker/worker.hpp"

namespace torc::sched {

struct baton::expiry final : timer {
  explicit expiry(baton& w) : target(w) {}
  void expired() noexcept override {
    phase expected = phase::waiting;
    if (target.m_phase.compare_exchange_strong(expected, phase::expired, std::memory_order_acq_rel)) target.wake();
  }
  baton& target;
};

baton::baton(const wait_cause& cause) : m_cause(cause) {
  check_may_wait();
  worker* const here = worker::current();
  if (here == nullptr) {
    m_semaphore = std::make_shared<std::binary_semaphore>(0);
    return;
  }
  m_spare = &here->spare_fiber();
  m_worker = here;
  m_fiber = &here->running_fiber();
}

baton::~baton() { put_back_spare(); }

void baton::put_back_spare() noexcept {
  if (m_spare != nullptr) m_worker->put_back(*std::exchange(m_spare, nullptr));
}

void baton::notify() noexcept {
  if (m_phase.exchange(phase::notified, std::memory_order_acq_rel) == phase::waiting) wake();
}

void baton::wake() noexcept {
  if (m_worker != nullptr) {
    m_worker->make_ready(*m_fiber);
  } else {
    const auto semaphore = m_semaphore;
    semaphore->release();
  }
}

void baton::block_thread(const std::optional<base::time_point>& deadline) noexcept {
  const thread_wait told(m_cause);
  if (!deadline) {
    m_semaphore->acquire();
  } else if (!m_semaphore->try_acquire_until(*deadline)) {
    phase expected = phase::waiting;
    // Whoever has notified meanwhile is about to read this object.
    if (!m_phase.compare_exchange_strong(expected, phase::expired, std::memory_order_acq_rel)) m_semaphore->acquire();
  }
}

bool baton::wait_until(const std::optional<base::time_point>& deadline) noexcept {
  phase expected = phase::idle;
  if (!m_phase.compare_exchange_strong(expected, phase::waiting, std::memory_order_acq_rel)) {
    put_back_spare();
    return true;
  }
  if (m_worker != nullptr) {
    fiber::fiber& spare = *std::exchange(m_spare, nullptr);
    if (!deadline) {
      m_worker->suspend(spare, m_cause);
    } else {
      expiry limit(*this);
      timers& due = m_worker->scheduler().timers();
      due.add(limit, *deadline);
      m_worker->suspend(spare, m_cause);
      due.remove(limit);
    }
  } else {
    block_thread(deadline);
  }
  return m_phase.load(std::memory_order_acquire) == phase::notified;
}

}  // namespace torc::sched
