// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors
#pragma once

#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <functional>
#include <mutex>
#include <thread>

namespace storm {

/// Ends the process, and with it the job, if a program does not go on: a machine may be as slow as it likes. It counts
/// its own looks and not the time, because a virtual machine may be stopped for longer than any program takes.
class watchdog {
 public:
  /// `num_moves` tells how far the program has come. `bark` is called before the end. Both by a thread of the
  /// watchdog's.
  watchdog(std::function<std::uint64_t()> num_moves, std::function<void()> bark);
  watchdog(const watchdog&) = delete;
  watchdog& operator=(const watchdog&) = delete;
  ~watchdog();

  /// A program begins, which may stand still so long, in time during which this process runs.
  void start(std::chrono::duration<double> longest);
  void stop();

 private:
  void run();

  const std::function<std::uint64_t()> m_num_moves;
  const std::function<void()> m_bark;
  std::mutex m_mutex;
  std::condition_variable m_changed;
  bool m_is_over = false;
  bool m_is_watching = false;
  std::int64_t m_most_still = 0;  ///< looks in a row that may find the program where the last one did
  std::int64_t m_num_still = 0;
  std::uint64_t m_last_moves = 0;
  std::thread m_thread;  ///< last: it uses the others
};

}  // namespace storm
