// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors
#pragma once

#include <chrono>
#include <cstdint>

#include "core/base/clock.hpp"
#include "core/sched/state.hpp"

namespace torc::runtime {

/// Since when nothing has begun or ended on a node, as far as looks now and then can tell. A body that only lets others
/// run has done neither.
class stall_clock {
 public:
  explicit stall_clock(base::time_point now) : m_since(now) {}

  /// A look that met a body on its way from its worker or back to it differs by that: false asks for another one.
  bool is_as_before(const sched::state& seen) const noexcept {
    return seen.num_begun == m_num_begun && seen.bodies_hash == m_bodies_hash;
  }
  void note(const sched::state& seen, base::time_point now) noexcept {
    if (is_as_before(seen)) return;
    m_num_begun = seen.num_begun;
    m_bodies_hash = seen.bodies_hash;
    m_since = now;
  }
  /// Counts anew.
  void restart(base::time_point now) noexcept { m_since = now; }
  std::chrono::nanoseconds quiet(base::time_point now) const noexcept { return now - m_since; }

 private:
  std::uint64_t m_num_begun = 0;
  std::uint64_t m_bodies_hash = 0;
  base::time_point m_since;
};

}  // namespace torc::runtime
