// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors
#pragma once

#include <atomic>
#include <mutex>
#include <optional>

#include "core/protocol/surveying.hpp"
#include "core/runtime/grace_watch.hpp"
#include "core/sched/scheduler.hpp"

namespace torc::runtime {

class progress;
class progress_display;

/// The order, by a signal to any process of the job, to end the session early: no bodies are begun any more, those that
/// run are asked to return, and all that waits goes on. What has not ended after the grace ends the job. It takes
/// effect once node 0 has told of it, see report::stop_line. Thread-safe.
class stop_order {
 public:
  /// All must outlive it; `others` is null for a node alone, `display` where nothing is shown.
  stop_order(sched::scheduler& scheduler, progress* others, grace_watch& watch, progress_display* display)
      : m_scheduler(scheduler), m_others(others), m_watch(watch), m_display(display) {}

  /// The signal has come to this process: node 0 hears of it and asks all how far they are.
  void signalled(int signal);
  /// Node 0: it has come to another process.
  void requested(int signal);
  /// After one of them. Node 0 tells all.
  void take_effect();
  /// Node 0 has told all. By the holder of the role.
  void heard(int signal);
  /// 0 if there is none.
  int signal() const noexcept { return m_signal.load(); }
  /// How far this node is; from the stop on, how far it was before: what is given up then was still to come.
  protocol::job_counts counts() const;

 private:
  /// True if it is the first.
  bool note(int signal);
  void heed();

  sched::scheduler& m_scheduler;
  progress* const m_others;
  grace_watch& m_watch;
  progress_display* const m_display;
  std::atomic<int> m_signal{0};       ///< the first that was heard of
  std::atomic<bool> m_is_own{false};  ///< one has come to this process
  mutable std::mutex m_mutex;
  std::optional<protocol::job_counts> m_before;  ///< guarded; had before anything is given up
};

}  // namespace torc::runtime
