// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors
#pragma once

namespace torc::os {

/// The signals by which somebody asks this process to end: SIGINT (Ctrl-C at a terminal) and SIGTERM. While they are
/// caught, the first one is noted, and inquiry::wait returns; the second one has its usual effect. A signal for which
/// the program has its own handler, or which it ignores, is left to it. One object at a time in a process, beside an
/// inquiry.
class stop_signals {
 public:
  stop_signals() = default;
  stop_signals(const stop_signals&) = delete;
  stop_signals& operator=(const stop_signals&) = delete;
  ~stop_signals() { release(false); }

  /// From now on they are caught, and none has come.
  void catch_them() noexcept;
  /// They have their usual effect again, unless the program has set something else meanwhile. So does the one that has
  /// come, at once, unless it `was_heeded`. Nothing if they are not caught.
  void release(bool was_heeded) noexcept;
  /// The first that has come since they are caught; 0 for none. Thread-safe.
  int first() const noexcept;

 private:
  bool m_are_caught = false;
};

}  // namespace torc::os
