// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors
#pragma once

#include <signal.h>

#include <cstddef>

#include "core/fiber/stack_pool.hpp"

namespace torc::fiber {

class fiber;

/// Turns the overflow of a stack that tasks run on into a message that names the task. Knows which fiber each thread
/// runs.
class overflow_guard {
 public:
  /// Writes the name of the task that this thread runs into a buffer; async-signal-safe.
  using task_namer = void (*)(char* buffer, std::size_t size_bytes);

  /// Catches SIGSEGV and SIGBUS; what is no overflow goes to the handler that was there before. Idempotent.
  static void install(task_namer namer, std::size_t stack_bytes);
  /// Gives the calling thread a stack for signals of its own; to be called once by each thread that runs fibers.
  static void prepare_thread();

  static void enter(fiber& running) noexcept { t_running = &running; }
  static void leave() noexcept { t_running = nullptr; }
  static fiber* running() noexcept { return t_running; }

  /// Says that the running task has overflown its stack and ends the process.
  [[noreturn]] static void report() noexcept;

  /// Whether a thread that runs on this stack has overflown it, when an access to `address` has failed while its stack
  /// pointer was at `top` (null where that is not known). Each of them may tell: a large frame is made before it is
  /// used, while code that probes its stack reaches below it first.
  static bool is_overflow(const stack& running, const void* address, const void* top) noexcept;

 private:
  static void handle(int signal, siginfo_t* info, void* context);
  static thread_local fiber* t_running;
};

}  // namespace torc::fiber
