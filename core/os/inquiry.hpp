// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors
#pragma once

#include <chrono>

namespace torc::os {

/// The signals by which somebody asks what this process is doing: SIGUSR1, and SIGQUIT (Ctrl-\ at a terminal), of which
/// a second one within two seconds does what it did before. A signal for which the program has its own handler, or
/// which it ignores, is left to it. The handlers only write to a file descriptor, on which one thread waits. One object
/// at a time in a process.
class inquiry {
 public:
  /// Throws std::system_error if there is no file descriptor left.
  inquiry();
  inquiry(const inquiry&) = delete;
  inquiry& operator=(const inquiry&) = delete;
  /// What was there before is there again, unless the program has set something else meanwhile.
  ~inquiry();

  enum class event { asked, woken, timed_out };
  /// By one thread. A negative time is for ever.
  event wait(std::chrono::milliseconds longest);
  /// Ends a wait. Thread-safe.
  void wake() noexcept;
  /// That of the process's inquiry, if there is one. Async-signal-safe.
  static void wake_process() noexcept;

 private:
  int m_descriptor;
};

}  // namespace torc::os
