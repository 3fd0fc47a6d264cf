// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors
#include "core/runtime/stop_order.hpp"

#include "core/runtime/progress.hpp"
#include "core/runtime/progress_display.hpp"

namespace torc::runtime {

void stop_order::signalled(int signal) {
  m_is_own.store(true);
  if (note(signal) && m_others != nullptr) m_others->order_stop(signal);
}

void stop_order::requested(int signal) {
  if (note(signal)) m_others->order_stop(signal);
}

void stop_order::take_effect() {
  if (m_others != nullptr) m_others->spread_stop(m_signal.load());
  heed();
}

void stop_order::heard(int signal) {
  note(signal);
  heed();
}

bool stop_order::note(int signal) {
  int none = 0;
  if (!m_signal.compare_exchange_strong(none, signal)) return false;
  if (m_display != nullptr) m_display->abandon();
  return true;
}

void stop_order::heed() {
  {
    const std::scoped_lock lock(m_mutex);
    if (!m_before) m_before = counts_of(m_scheduler);
  }
  m_scheduler.abandon(sched::abandonment::tasks);
  if (m_others != nullptr) m_others->give_up_waiting();
  m_watch.session_stopped(m_signal.load(), m_is_own.load());
}

protocol::job_counts stop_order::counts() const {
  const std::scoped_lock lock(m_mutex);
  return m_before ? *m_before : counts_of(m_scheduler);
}

}  // namespace torc::runtime
