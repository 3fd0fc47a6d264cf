// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors
#include "core/runtime/progress.hpp"
#include "core/sched/worker/devices.hpp"

/// How other nodes that wait for work get it as soon as there is some.
namespace torc::runtime {

void progress::watch_surplus(const protocol::demand& wanted) {
  m_is_wanted_for_workers.store(wanted.is_for_workers, std::memory_order_relaxed);
  m_wanted_spaces.store(wanted.spaces, std::memory_order_relaxed);
  if (!wanted.is_for_workers) m_scheduler->work_event().end_watch();
  watch();
  if (has_wanted()) m_is_surplus_due.store(true, std::memory_order_seq_cst);
}

/// Whether there is more of what other nodes wait for than what the idle ones here are about to take.
bool progress::has_wanted() const noexcept {
  const std::uint64_t spaces = m_wanted_spaces.load(std::memory_order_relaxed);
  return (m_is_wanted_for_workers.load(std::memory_order_relaxed) &&
          m_scheduler->num_movable() > m_scheduler->num_idle()) ||
         (spaces != 0 && m_scheduler->devices().surplus(spaces) > 0);
}

/// From now on whoever submits what other nodes wait for calls has_surplus, once; the server looks too, each time that
/// it wakes.
void progress::watch() noexcept {
  if (m_is_wanted_for_workers.load(std::memory_order_relaxed)) m_scheduler->work_event().watch();
  m_scheduler->devices().watch(m_wanted_spaces.load(std::memory_order_relaxed));
}

/// Where nothing could be given, whoever submits next would call in vain too: then the server's next look is early
/// enough to watch again. After the end nothing is due any more, for whoever looks whether anything is left to do.
void progress::give_surplus_if_due() {
  if (!m_is_surplus_due.exchange(false, std::memory_order_seq_cst) || m_has_ended.load(std::memory_order_relaxed))
    return;
  if (m_node.surplus()) watch();
}

}  // namespace torc::runtime
