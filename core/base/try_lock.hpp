// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors
#pragma once

#include <chrono>
#include <mutex>
#include <thread>

#include "core/base/clock.hpp"

namespace torc::base {

/// A lock for whoever would rather do without than wait for long: its holder may never run again. Perhaps it is not
/// had.
template <class Mutex>
std::unique_lock<Mutex> lock_soon(Mutex& mutex, std::chrono::nanoseconds longest = std::chrono::milliseconds(20)) {
  std::unique_lock lock(mutex, std::try_to_lock);
  if (lock.owns_lock()) return lock;
  for (const time_point until = now() + longest; !lock.owns_lock() && now() < until; static_cast<void>(lock.try_lock()))
    std::this_thread::yield();
  return lock;
}

}  // namespace torc::base
