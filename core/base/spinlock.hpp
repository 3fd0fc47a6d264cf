// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors
#pragma once

#include <atomic>
#include <thread>

#include "core/base/cpu_relax.hpp"

namespace torc::base {

/// A lock of one byte for sections of a few instructions; satisfies Lockable.
/// Never suspend a fiber while holding one: the fiber that wants it next may run on the same thread.
class spinlock {
 public:
  spinlock() = default;
  spinlock(const spinlock&) = delete;
  spinlock& operator=(const spinlock&) = delete;

  void lock() noexcept {
    int spins = 0;
    while (!try_lock()) {
      // Wait by loads alone, so that the line stays shared until the holder writes it.
      while (m_is_locked.load(std::memory_order_relaxed)) {
        if (++spins < spins_before_yield) {
          cpu_relax();
        } else {
          // The holder may have lost its core to this very thread.
          std::this_thread::yield();
        }
      }
    }
  }

  bool try_lock() noexcept { return !m_is_locked.exchange(true, std::memory_order_acquire); }

  void unlock() noexcept { m_is_locked.store(false, std::memory_order_release); }

 private:
  static constexpr int spins_before_yield = 100;

  std::atomic<bool> m_is_locked{false};
};

}  // namespace torc::base
