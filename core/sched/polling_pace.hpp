// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors
#pragma once

#include <algorithm>
#include <cstdint>

namespace torc::sched {

/// How often to ask for the end of something that tells nobody, such as a kernel: so often that the end is noticed late
/// by an eighth of the time that it took, at most, and not before most of the time that its like have taken lately.
/// Nanoseconds. One thread.
class polling_pace {
 public:
  /// One has ended, or was seen to have, after so long.
  void add(std::uint64_t lasted_ns) noexcept {
    m_shortest_ns = m_shortest_ns == 0 ? lasted_ns : std::min(lasted_ns, m_shortest_ns + m_shortest_ns / 8);
  }

  /// How long one that began so long ago need not be looked at.
  std::uint64_t rest(std::uint64_t age_ns) const noexcept {
    const std::uint64_t usual_ns = m_shortest_ns / 4 * 3;
    return std::min(std::max(age_ns / 8, usual_ns > age_ns ? usual_ns - age_ns : 0), longest_rest_ns);
  }

  /// How long to sleep where there is so much time; 0 if a sleep, which lasts longer than one asks for, would end late.
  std::uint64_t sleep(std::uint64_t rest_ns) const noexcept {
    return rest_ns >= m_overrun_ns + shortest_sleep_ns ? rest_ns - m_overrun_ns : 0;
  }
  /// A sleep that nobody ended has lasted so long.
  void slept(std::uint64_t asked_ns, std::uint64_t lasted_ns) noexcept {
    const std::uint64_t over_ns = std::min(lasted_ns - std::min(asked_ns, lasted_ns), greatest_overrun_ns);
    m_overrun_ns = m_overrun_ns - m_overrun_ns / 8 + over_ns / 8;
  }

 private:
  static constexpr std::uint64_t longest_rest_ns = 500'000;
  static constexpr std::uint64_t shortest_sleep_ns = 5'000;
  /// On a machine whose cores are all busy sleeps may be very long. Nobody is served by a thread that never sleeps.
  static constexpr std::uint64_t greatest_overrun_ns = 100'000;

  std::uint64_t m_shortest_ns = 0;  ///< that lasted lately, forgotten by and by; 0 if none is known
  std::uint64_t m_overrun_ns = 20'000;
};

}  // namespace torc::sched
