// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors
#include "core/sched/device/driver.hpp"

#include <algorithm>
#include <limits>

#include "core/base/clock.hpp"

namespace torc::sched {

void driver::add(wait& w) {
  w.began_ns = base::now_ns();
  m_waits.push_back(&w);
}

bool driver::is_over(wait& w) noexcept {
  try {
    if (!m_device.is_ready(w.where->index)) {
      w.unfinished_ns = m_looked_ns - w.began_ns;
      return false;
    }
    m_pace.ended(w.unfinished_ns);
  } catch (...) {
    w.failure = std::current_exception();
  }
  return true;
}

std::chrono::nanoseconds driver::pause() const noexcept {
  std::uint64_t until_look = std::numeric_limits<std::uint64_t>::max();
  for (const wait* w : m_waits) until_look = std::min(until_look, m_pace.until_look(m_looked_ns - w->began_ns));
  return std::chrono::nanoseconds(m_pace.sleep(until_look));
}

void driver::slept(std::chrono::nanoseconds asked, std::chrono::nanoseconds lasted) noexcept {
  m_pace.slept(static_cast<std::uint64_t>(asked.count()), static_cast<std::uint64_t>(lasted.count()));
}

}  // namespace torc::sched
