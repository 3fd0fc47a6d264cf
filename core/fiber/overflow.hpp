// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors
#pragma once

#include "core/fiber/stack_pool.hpp"

namespace torc::fiber {

class fiber;

/// Knows which fiber each thread runs, and whether it has overflown its stack.
class overflow_guard {
 public:
  static void enter(fiber& running) noexcept { t_running = &running; }
  static void leave() noexcept { t_running = nullptr; }
  static fiber* running() noexcept { return t_running; }

  /// Whether the fiber that this thread runs has overflown its stack: see is_overflow. Async-signal-safe.
  static bool has_overflown(const void* address, const void* top) noexcept;
  /// Whether a thread that runs on this stack has overflown it, when an access to `address` has failed while its stack
  /// pointer was at `top` (null where that is not known). Each of them may tell: a large frame is made before it is
  /// used, while code that probes its stack reaches below it first.
  static bool is_overflow(const stack& running, const void* address, const void* top) noexcept;

 private:
  static thread_local fiber* t_running;
};

}  // namespace torc::fiber
