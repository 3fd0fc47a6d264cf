// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors
#pragma once

#include <chrono>

#include "core/base/clock.hpp"
#include "core/sched/state.hpp"

namespace torc::report {

/// Since when nothing has begun or ended on a node, as far as looks now and then can tell. A body that only lets others
/// run has done neither.
class stall_clock {
 public:
  explicit stall_clock(base::time_point now) : m_since(now) {}

  /// A look that met a body on its way from its worker or back to it differs by that: false asks for another one.
  bool is_as_before(const sched::pulse& seen) const noexcept { return seen == m_last; }
  void note(const sched::pulse& seen, base::time_point now) noexcept {
    if (is_as_before(seen)) return;
    m_last = seen;
    m_since = now;
  }
  /// Counts anew.
  void restart(base::time_point now) noexcept { m_since = now; }
  std::chrono::nanoseconds quiet(base::time_point now) const noexcept { return now - m_since; }

 private:
  sched::pulse m_last;
  base::time_point m_since;
};

}  // namespace torc::report
