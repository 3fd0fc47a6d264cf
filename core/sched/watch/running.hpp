// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors
#pragma once

#include <torc/detail/record.hpp>

#include <atomic>
#include <chrono>
#include <cstdint>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

#include "core/base/asymmetric_fence.hpp"
#include "core/base/clock.hpp"
#include "core/metrics/counters.hpp"

namespace torc::sched {

class worker;

/// A body that a thread of the node runs.
struct running_body {
  std::string task;    ///< name
  std::string thread;  ///< such as "worker 3"
  bool is_primary = false;
  /// For at least so long it has been running without having waited. It is known from looks now and then, and is hardly
  /// more than the time between two of them.
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
///
/// What else others can reach and its thread is about to free is protected in the same way: a suspended body that goes
/// on leaves its worker's list (T1), a cancelled task has left the deque. Hence let_read.
class running_bodies {
 public:
  /// While it lives, nothing is freed that its maker can reach. Its maker should be done soon, and may wait for nobody.
  class reading {
   public:
    explicit reading(running_bodies& all);
    reading(const reading&) = delete;
    reading& operator=(const reading&) = delete;
    ~reading() { m_all.m_are_read.store(false, std::memory_order_release); }

   private:
    running_bodies& m_all;
    const std::scoped_lock<std::mutex> m_lock;
  };
  /// What a thread runs.
  struct observation {
    const worker& thread;
    const std::string& name;     ///< the thread's
    const detail::record* task;  ///< null for none
    std::chrono::nanoseconds age;
    const std::vector<std::pair<std::uint64_t, base::time_point>>& suspensions;  ///< see observed
    bool is_primary() const noexcept;
    /// For at least so long its suspension of that number has lasted.
    std::chrono::nanoseconds age_of_suspension(std::uint64_t number) const noexcept;
  };

  /// Before any thread runs; it must live until nobody looks any more. `task`: what it runs;
  /// `name` is the thread's.
  void add(const worker& thread, const std::atomic<detail::record*>& task, const torc::metrics::counters& counts,
           std::string name) {
    m_threads.push_back({&thread, &task, &counts, std::move(name), nullptr, 0, 0, {}, {}});
  }
  /// Those that run now. Thread-safe.
  std::vector<running_body> look();
  /// All threads. Thread-safe.
  template <class Function>
  void for_each(const reading& /*proof*/, Function function) {
    const base::time_point now = base::now();
    for (observed& seen : m_threads) {
      note_age(seen, now);
      const detail::record* const task = seen.runs->load(std::memory_order_acquire);
      function(observation{*seen.thread, seen.name, task,
                           task == seen.task ? now - seen.since : std::chrono::nanoseconds{}, seen.suspensions});
    }
  }
  /// To be called now and then, so that look can tell ages. Thread-safe.
  void note_ages();

  /// In a child of fork: whoever comes to let_read, with the body that called fork, is the runtime that its threads are
  /// missing from. So let_read ends the process there.
  void end_with_body() noexcept { m_are_read.store(true, std::memory_order_release); }

  /// By a thread whose body is over, or that has unlinked something else, before it frees that.
  void let_read() const noexcept {
    base::light_fence();
    if (m_are_read.load(std::memory_order_acquire)) [[unlikely]]
      wait_until_read();
  }

 private:
  struct observed {
    const worker* thread;
    const std::atomic<detail::record*>* runs;
    const torc::metrics::counters* counts;
    std::string name;
    // At the last look; the counts tell bodies apart, and what one did before it waited from what it did afterwards.
    const detail::record* task = nullptr;
    std::uint64_t executed = 0;
    std::uint64_t suspended = 0;
    base::time_point since;
    /// How many suspensions there had been when; of earlier times fewer are kept.
    std::vector<std::pair<std::uint64_t, base::time_point>> suspensions;
  };
  static void note_age(observed& seen, base::time_point now);
  static void note_suspensions(observed& seen, base::time_point now);
  void wait_until_read() const noexcept;

  std::atomic<bool> m_are_read{false};
  std::mutex m_mutex;  ///< of those that look
  std::vector<observed> m_threads;
};

}  // namespace torc::sched
