// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors
#pragma once

#include <algorithm>
#include <chrono>

namespace torc::sched {

/// How long one of so many sleeping workers sleeps. Whoever wakes up looks at all workers: so those beyond the cores
/// take turns, and all together wake up no more often than one for each core would.
constexpr std::chrono::nanoseconds shared_pause(std::chrono::nanoseconds longest, int num_sleeping,
                                                int num_cores) noexcept {
  return longest * std::max(1, num_sleeping / std::max(1, num_cores));
}

}  // namespace torc::sched
