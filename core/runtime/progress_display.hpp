// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors
#pragma once

#include <atomic>

#include "core/base/clock.hpp"
#include "core/protocol/surveying.hpp"
#include "core/report/progress_line.hpp"
#include "core/sched/scheduler.hpp"

namespace torc::runtime {

class progress;

/// What one node has counted. Thread-safe.
protocol::job_counts counts_of(sched::scheduler& scheduler) noexcept;

/// Shows on standard error how far the tasks of all nodes are, as long as it lives: on a terminal in its last line,
/// elsewhere in a line now and then. Of node 0.
class progress_display {
 public:
  /// `others` is null on a node alone. Both must outlive it.
  progress_display(sched::scheduler& scheduler, progress* others);
  progress_display(const progress_display&) = delete;
  progress_display& operator=(const progress_display&) = delete;
  ~progress_display();

  /// To be called now and then, by one thread. It may take as long as the terminal does.
  void tick();
  /// The session ends early, and what is shown is not true any more: it is gone with the next line or tick. Before
  /// anything is written of that. Thread-safe; waits for nobody.
  void abandon() noexcept;

 private:
  void show(report::progress_line::seconds elapsed, const protocol::job_counts& counts);

  sched::scheduler& m_scheduler;
  progress* const m_others;
  const bool m_is_terminal;
  const base::time_point m_began = base::now();
  report::progress_line m_line;
  report::progress_line::seconds m_next_turn{0};
  std::atomic<bool> m_is_abandoned{false};
};

}  // namespace torc::runtime
