// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors
#include "core/runtime/stop_order.hpp"

#include "core/runtime/progress.hpp"
#include "core/runtime/progress_display.hpp"

namespace torc::runtime {

void stop_order::signalled(int signal) {
  // First, so that all are asked how far they are before anything is given up here.
  if (m_others != nullptr) m_others->order_stop(signal);
  heed(signal, true);
}

void stop_order::heed(int signal, bool is_own) {
  int none = 0;
  m_signal.compare_exchange_strong(none, signal);
  {
    const std::scoped_lock lock(m_mutex);
    if (!m_before) m_before = counts_of(m_node);
  }
  if (m_display != nullptr) m_display->abandon();
  m_node.abandon(sched::abandonment::tasks);
  if (m_others != nullptr) m_others->give_up_waiting();
  m_watch.session_stopped(m_signal.load(), is_own);
}

protocol::job_counts stop_order::counts() const {
  const std::scoped_lock lock(m_mutex);
  return m_before ? *m_before : counts_of(m_node);
}

}  // namespace torc::runtime
