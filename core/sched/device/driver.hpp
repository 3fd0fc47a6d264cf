// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors
#pragma once

#include <chrono>
#include <cstdint>
#include <exception>
#include <functional>
#include <string>
#include <vector>

#include "core/base/clock.hpp"
#include "core/fiber/fiber.hpp"
#include "core/sched/device/device.hpp"
#include "core/sched/device/lease.hpp"
#include "core/sched/device/polling_pace.hpp"
#include "core/sched/device/slot_queue.hpp"

namespace torc::sched {

/// What makes a worker the driver of a device: it runs the bodies of device tasks, and while it waits for their work it
/// asks the device from time to time, since a device calls nobody. By its own thread but where said.
class driver {
 public:
  driver(slot_queue& queue, device& of) noexcept : m_queue(queue), m_device(of) {}
  driver(const driver&) = delete;
  driver& operator=(const driver&) = delete;

  slot_queue& queue() noexcept { return m_queue; }
  sched::device& device() noexcept { return m_device; }

  /// One fiber that waits until a slot is idle.
  struct wait {
    const slot* where;
    fiber::fiber* waiting;
    std::uint64_t began_ns = 0;
    std::uint64_t unfinished_ns = 0;  ///< its age when it was last looked at in vain
    std::exception_ptr failure = nullptr;
  };
  void add(wait& w);
  bool is_waiting() const noexcept { return !m_waits.empty(); }
  /// Looks once at all slots that somebody waits for, and passes those to `go_on` whose slot is idle or has failed.
  template <class GoOn>
  void poll(GoOn go_on) {
    if (m_waits.empty()) return;
    m_looked_ns = base::now_ns();
    for (std::size_t i = 0; i < m_waits.size();) {
      wait* const w = m_waits[i];
      if (!is_over(*w)) {
        ++i;
        continue;
      }
      m_waits[i] = m_waits.back();
      m_waits.pop_back();
      go_on(*w->waiting);
    }
  }
  /// How long to sleep before it looks again; 0 for not at all. After poll.
  std::chrono::nanoseconds pause() const noexcept;
  /// It has slept so long.
  void slept(std::chrono::nanoseconds asked, std::chrono::nanoseconds lasted) noexcept;

 private:
  bool is_over(wait& w) noexcept;

  slot_queue& m_queue;
  sched::device& m_device;
  std::vector<wait*> m_waits;
  std::uint64_t m_looked_ns = 0;  ///< just before the last look
  polling_pace m_pace;
};

}  // namespace torc::sched
