// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors
#pragma once

#include <chrono>

#include "core/fiber/fiber.hpp"
#include "core/sched/idle/event_count.hpp"
#include "core/sched/idle/urgent_flag.hpp"
#include "core/sched/queue/mpsc_queue.hpp"

namespace torc::sched {

/// What other threads need of a worker, whatever it runs: they wake it, and tell it which of its fibers go on.
class mailbox {
 public:
  mailbox(int local_id, event_count& sleepers, parker& own)
      : m_local_id(local_id), m_work_event(sleepers), m_parker(own), m_gang_event({&m_gang_parker}) {}
  mailbox(const mailbox&) = delete;
  mailbox& operator=(const mailbox&) = delete;

  int local_id() const noexcept { return m_local_id; }

  // By any thread.

  /// The fiber, which this worker owns, goes on before anything that the worker has not begun.
  void make_ready(fiber::fiber& f) noexcept {
    m_ready.push(f);
    wake();
  }
  void wake() noexcept {
    m_urgent.raise();
    m_work_event.notify(m_parker);
    m_gang_event.notify(m_gang_parker);
  }
  bool is_asleep() const noexcept { return m_parker.is_sleeping(); }
  bool stands_by() const noexcept { return m_gang_parker.is_sleeping(); }

  // By the worker's own thread.

  mpsc_queue<fiber::fiber>& ready() noexcept { return m_ready; }
  const mpsc_queue<fiber::fiber>& ready() const noexcept { return m_ready; }
  /// Raised for what is urgent to this worker alone.
  urgent_flag& urgent() noexcept { return m_urgent; }
  /// As event_count::sleep.
  template <class HasWork>
  bool sleep(std::chrono::nanoseconds longest, HasWork has_work) noexcept {
    return m_work_event.sleep(m_parker, longest, has_work);
  }
  /// Sleeps as a helper in a gang, where nobody calls for work, unless `is_called()`.
  template <class IsCalled>
  void stand_by(std::chrono::nanoseconds longest, IsCalled is_called) noexcept {
    m_gang_event.begin_search();
    m_gang_event.sleep(m_gang_parker, longest, is_called);
    m_gang_event.end_search([] { return false; });  // nobody else sleeps there
  }

 private:
  const int m_local_id;
  event_count& m_work_event;
  parker& m_parker;
  urgent_flag m_urgent;
  parker m_gang_parker;
  event_count m_gang_event;
  mpsc_queue<fiber::fiber> m_ready;
};

}  // namespace torc::sched
