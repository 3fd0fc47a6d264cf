// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors
#pragma once

#include <condition_variable>
#include <cstddef>
#include <mutex>
#include <thread>

namespace torc::sched {

class scheduler;

/// Ends what has been given up on a thread of its own: all workers may be held by bodies that take long, and whoever
/// waits for tasks behind these is to go on. What waits to leave for another node is not here, and ends there (see
/// protocol::node::give_up_waiting). Where the system gives no thread, tasks end as workers come to them.
class abandoner {
 public:
  explicit abandoner(scheduler& of) : m_scheduler(of) {}
  abandoner(const abandoner&) = delete;
  abandoner& operator=(const abandoner&) = delete;
  ~abandoner() { stop(); }

  // By any thread.

  /// False if there is no thread.
  bool start() noexcept;
  /// For good.
  void stop() noexcept;

 private:
  void run();
  std::size_t end_all();

  scheduler& m_scheduler;
  std::mutex m_mutex;
  std::condition_variable m_stops;
  bool m_is_over = false;  ///< guarded
  std::thread m_thread;    ///< guarded
};

}  // namespace torc::sched
