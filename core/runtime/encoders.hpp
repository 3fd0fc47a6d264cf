// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors
#pragma once

#include <condition_variable>
#include <deque>
#include <functional>
#include <mutex>
#include <thread>
#include <utility>
#include <vector>

#include "core/base/clock.hpp"

namespace torc::runtime {

/// Threads for the user's code that writes tasks which did not leave at once: it may block, and then neither messages
/// nor other tasks are to wait. There is none until the first order, and another one as soon as orders wait behind one
/// that takes long. Where the system gives no more threads, those that there are do all. Thread-safe.
class encoders {
 public:
  encoders() = default;
  /// `begin_thread` is what each thread does first.
  explicit encoders(std::function<void()> begin_thread) : m_begin_thread(std::move(begin_thread)) {}
  encoders(const encoders&) = delete;
  encoders& operator=(const encoders&) = delete;
  ~encoders() { stop(); }

  /// Runs it on one of the threads, soon if this is true. It must not throw.
  bool order(std::function<void()> work);
  /// To be called now and then, at least every `patience`, while is_behind(), by a thread that holds nothing: as long
  /// as no thread can be had at all, it does an order itself.
  void relieve();
  bool is_behind() const noexcept;
  /// Once all orders are done.
  void stop();

  static constexpr std::chrono::nanoseconds patience = std::chrono::milliseconds(1);

 private:
  static constexpr std::size_t most_threads = 256;
  void run();
  void start_thread() noexcept;
  void relieve_locked();
  void do_next(std::unique_lock<std::mutex>& lock);

  const std::function<void()> m_begin_thread;
  mutable std::mutex m_mutex;
  std::condition_variable m_ordered;
  std::deque<std::function<void()>> m_orders;
  std::vector<std::thread> m_threads;
  std::size_t m_num_idle = 0;
  base::time_point m_last_taken;
  bool m_is_stopping = false;
};

}  // namespace torc::runtime
