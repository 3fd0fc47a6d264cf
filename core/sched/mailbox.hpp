// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors
#pragma once

#include <chrono>

#include "core/fiber/fiber.hpp"
#include "core/sched/attention.hpp"
#include "core/sched/idlers.hpp"
#include "core/sched/mpsc_queue.hpp"

namespace torc::sched {

/// What other threads need of a worker, whatever it runs: they wake it, and tell it which of its fibers go on.
class mailbox {
 public:
  mailbox(int local_id, idlers& sleepers, parking& bed)
      : m_local_id(local_id), m_idlers(sleepers), m_parking(bed), m_gang_idlers({&m_gang_parking}) {}
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
    m_attention.raise();
    m_idlers.notify(m_parking);
    m_gang_idlers.notify(m_gang_parking);
  }
  bool is_asleep() const noexcept { return m_parking.is_sleeping(); }
  bool stands_by() const noexcept { return m_gang_parking.is_sleeping(); }

  // By the worker's own thread.

  mpsc_queue<fiber::fiber>& ready() noexcept { return m_ready; }
  const mpsc_queue<fiber::fiber>& ready() const noexcept { return m_ready; }
  /// Raised for what is urgent to this worker alone.
  attention& urgent() noexcept { return m_attention; }
  /// As idlers::sleep.
  template <class HasWork>
  bool sleep(std::chrono::nanoseconds longest, HasWork has_work) noexcept {
    return m_idlers.sleep(m_parking, longest, has_work);
  }
  /// Sleeps as a helper in a gang, where nobody calls for work, unless `is_called()`.
  template <class IsCalled>
  void stand_by(std::chrono::nanoseconds longest, IsCalled is_called) noexcept {
    m_gang_idlers.begin_search();
    m_gang_idlers.sleep(m_gang_parking, longest, is_called);
    m_gang_idlers.end_search([] { return false; });  // nobody else sleeps there
  }

 private:
  const int m_local_id;
  idlers& m_idlers;
  parking& m_parking;
  attention m_attention;
  parking m_gang_parking;
  idlers m_gang_idlers;
  mpsc_queue<fiber::fiber> m_ready;
};

}  // namespace torc::sched
