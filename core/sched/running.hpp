// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors
#pragma once

#include <torc/detail/record.hpp>

#include <atomic>
#include <chrono>
#include <cstdint>
#include <mutex>
#include <string>
#include <vector>

#include "core/base/clock.hpp"

namespace torc::sched {

class worker;

/// A body that a thread of the node runs.
struct running_body {
  std::string task;    ///< name
  std::string thread;  ///< such as "worker 3"
  bool is_primary = false;
  /// For at least so long it has been running without having waited. It is known from looks now and then, and so to
  /// half a second.
  std::chrono::nanoseconds age{};
};

/// What the threads of a node run, for another thread that asks, at any time. It needs no lock that a body may hold,
/// and nothing of the thread whose body never returns.
///
/// Nothing is freed while it is read. A thread (T) whose body is over and the one that looks (L) do
///   T1  the thread's task := the outer one     L1  is_read := true
///   T2  light fence                            L2  heavy fence
///   T3  read is_read                           L3  read the thread's task
/// so L3 gives the outer task, or T3 finds that somebody looks, and T waits with what comes after the body until L has
/// done. That is short, and L waits for nobody.
class running_bodies {
 public:
  /// Before any thread runs; it must live until nobody looks any more. `name` is the thread's.
  void add(const worker& thread, std::string name) { m_threads.push_back({&thread, std::move(name)}); }
  /// Those that run now. Thread-safe.
  std::vector<running_body> look();
  /// To be called now and then, so that look can tell ages. Thread-safe.
  void note_ages();

  /// By a thread whose body is over, before anything of the task is freed.
  bool are_read() const noexcept { return m_are_read.load(std::memory_order_acquire); }
  void wait_until_read() const noexcept;

 private:
  struct observed {
    const worker* thread;
    std::string name;
    // At the last look; the counts tell bodies apart, and what one did before it waited from what it did afterwards.
    const detail::record* task = nullptr;
    std::uint64_t executed = 0;
    std::uint64_t suspended = 0;
    base::time_point since;
  };
  static void note_age(observed& seen, base::time_point now);

  std::atomic<bool> m_are_read{false};
  std::mutex m_mutex;  ///< of those that look
  std::vector<observed> m_threads;
};

}  // namespace torc::sched
