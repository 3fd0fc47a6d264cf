// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors
#include "core/runtime/stop_order.hpp"

#include "core/runtime/progress.hpp"

namespace torc::runtime {

void stop_order::signalled(int signal) {
  // First, so that all are asked how far they are before anything is given up.
  if (m_others != nullptr) m_others->order_stop(signal);
  heed(signal, true);
}

void stop_order::heed(int signal, bool is_own) {
  int none = 0;
  m_signal.compare_exchange_strong(none, signal);
  m_node.abandon(sched::abandonment::tasks);
  m_watch.session_stopped(m_signal.load(), is_own);
}

}  // namespace torc::runtime
