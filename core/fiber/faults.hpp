// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors
#pragma once

#include <signal.h>

#include <cstddef>

namespace torc::fiber {

/// Says which task a process dies of, where a body overflows its stack (see overflow.hpp), reads or writes what it may
/// not, divides by zero, aborts or throws where nothing may be thrown. Then whatever happened before happens: the
/// handler that was there, or the end of the process with its core dump.
class faults {
 public:
  /// What the calling thread runs, as text for a message. Called in a signal handler: each puts its text, which may be
  /// empty, into a buffer of so many bytes.
  struct naming {
    void (*task)(char* buffer, std::size_t size_bytes);
    /// Such as "node 2, worker 5".
    void (*place)(char* buffer, std::size_t size_bytes);
  };

  /// Catches SIGSEGV, SIGBUS, SIGFPE, SIGILL and SIGABRT. Idempotent.
  static void install(const naming& namer, std::size_t stack_bytes);
  /// Gives the calling thread a stack for signals of its own; to be called once by each thread that runs fibers.
  static void prepare_thread();
  /// Says that the running task has overflown its stack and ends the process.
  [[noreturn]] static void report_overflow() noexcept;

 private:
  static void handle(int signal, siginfo_t* info, void* context);
  static void tell(int signal, const siginfo_t& info) noexcept;
};

}  // namespace torc::fiber
