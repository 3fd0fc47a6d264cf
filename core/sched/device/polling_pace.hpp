// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors
#pragma once

#include <algorithm>
#include <cstdint>

namespace torc::sched {

/// How often to ask for the end of something that tells nobody, such as a kernel: so often that an end is noticed late
/// by an eighth of the time that it took, at most. Three quarters of what the shortest have taken of late are slept
/// through, so what ends sooner is late by more, half a millisecond at most; then sooner ends are expected.
/// Nanoseconds. One thread.
class polling_pace {
 public:
  /// How long one that began so long ago need not be looked at.
  std::uint64_t until_look(std::uint64_t age_ns) const noexcept {
    const std::uint64_t usual_ns = m_shortest_ns / 4 * 3;
    return std::min(std::max(age_ns / 8, usual_ns > age_ns ? usual_ns - age_ns : 0), longest_ns);
  }

  /// How long to sleep until then; 0 if a sleep, which lasts longer than one asks for, would end late.
  std::uint64_t sleep(std::uint64_t until_look_ns) const noexcept {
    return until_look_ns >= m_overrun_ns + shortest_sleep_ns ? until_look_ns - m_overrun_ns : 0;
  }

  /// A sleep has lasted so long. One that somebody ended teaches nothing.
  void slept(std::uint64_t asked_ns, std::uint64_t lasted_ns) noexcept {
    if (lasted_ns < asked_ns) return;
    const std::uint64_t over_ns = std::min(lasted_ns - asked_ns, greatest_overrun_ns);
    m_overrun_ns = m_overrun_ns - m_overrun_ns / 8 + over_ns / 8;
  }

  /// One has ended that was `unfinished_ns` old when it was last seen unfinished: it lasted longer.
  void ended(std::uint64_t unfinished_ns) noexcept {
    m_shortest_ns = m_shortest_ns == 0
                        ? unfinished_ns
                        : std::min(m_shortest_ns + m_shortest_ns / 32 + 1, std::max(unfinished_ns, m_shortest_ns / 2));
    m_overrun_ns -= m_overrun_ns / 64;  // so that sleeps are tried again where a few were bad
  }

 private:
  static constexpr std::uint64_t longest_ns = 500'000;
  static constexpr std::uint64_t shortest_sleep_ns = 5'000;
  /// On a machine whose cores are all busy sleeps may be very long. Nobody is served by a thread that never sleeps.
  static constexpr std::uint64_t greatest_overrun_ns = 100'000;

  std::uint64_t m_shortest_ns = 0;  ///< that lasted of late, forgotten by and by; 0 if none is known
  std::uint64_t m_overrun_ns = 20'000;
};

}  // namespace torc::sched
