// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors
#pragma once

#include <algorithm>
#include <cstdint>
#include <utility>

#include "core/metrics/counters.hpp"

namespace torc::sched {

/// Keeps a worker from taking brief tasks from another one. A task that changes its core costs both some hundred
/// nanoseconds: its record, its memory and its parent's count change cores too. For a task that takes less than that,
/// the one that submitted it is faster alone.
///
/// After a brief task the worker pauses, after the next one twice as long, and then tries again. So a long task that
/// follows is late by one pause at most, which is no more than waking a sleeper takes. It does not pause while the
/// other neither submits nor runs tasks: that one is held by a body, and its tasks would wait for that. For one thread.
class steal_throttle {
 public:
  static constexpr std::uint64_t brief_ns = 500;
  static constexpr std::uint64_t shortest_pause_ns = 2'000;
  static constexpr std::uint64_t longest_pause_ns = 16'000;
  /// How often a pausing worker looks at what the other does. Each look costs that one a cache miss.
  static constexpr std::uint64_t glance_ns = 2'000;

  bool is_pausing() const noexcept { return m_until_ns != 0; }
  /// Whether it pauses for the good of another one that has been seen to go on meanwhile.
  bool is_settled() const noexcept { return is_pausing() && m_has_glanced; }

  /// Whether the pause is over.
  bool ends(std::uint64_t now_ns) noexcept {
    if (now_ns >= m_next_glance_ns) {
      m_next_glance_ns = now_ns + glance_ns;
      m_is_other_held = !has_advanced();
      m_has_glanced = true;
    }
    if (now_ns < m_until_ns && !m_is_other_held) return false;
    m_until_ns = 0;
    return true;
  }

  /// A task that the other had submitted has run here.
  void has_run(const torc::metrics::counters& other, std::uint64_t begin_ns, std::uint64_t end_ns) noexcept {
    const bool is_same = std::exchange(m_other, &other) == &other;
    // That it has not advanced tells nothing yet: it may have been too short a time.
    if (has_advanced() || !is_same) m_is_other_held = false;
    if (m_is_other_held || end_ns - begin_ns > brief_ns) {
      m_pause_ns = 0;
      return;
    }
    m_pause_ns = std::clamp(2 * m_pause_ns, shortest_pause_ns, longest_pause_ns);
    m_until_ns = end_ns + m_pause_ns;
    m_next_glance_ns = end_ns + glance_ns;
    m_has_glanced = false;
  }

 private:
  /// Whether the other has submitted or begun a task since the last call.
  bool has_advanced() noexcept {
    const std::uint64_t seen = m_other->created.value() + m_other->begun.value();
    return std::exchange(m_seen, seen) != seen;
  }

  const torc::metrics::counters* m_other = nullptr;
  std::uint64_t m_seen = 0;
  std::uint64_t m_pause_ns = 0;
  std::uint64_t m_until_ns = 0;  ///< 0: no pause
  std::uint64_t m_next_glance_ns = 0;
  bool m_has_glanced = false;    ///< since the pause began
  bool m_is_other_held = false;  ///< as far as the last glance could tell
};

}  // namespace torc::sched
