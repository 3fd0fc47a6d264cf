// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors
#pragma once

#include <torc/options.hpp>
#include <torc/statistics.hpp>

#include <atomic>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "core/base/clock.hpp"
#include "core/record/trace.hpp"
#include "core/sched/scheduler.hpp"

namespace torc::runtime {

/// What a backend tells of itself.
struct backend_facts {
  std::string census;
  int rank = 0;
  int num_ranks = 1;
};

/// A library that torc initialises before the first session and finalises after the last.
struct backend {
  /// Throws config_error where torc cannot run with it.
  std::function<backend_facts()> initialise;
  std::function<void()> finalise;
};

/// One session of this process, from init to shutdown.
class session {
 public:
  /// The environment overrides `given`. Throws config_error.
  explicit session(const options& given);
  session(const session&) = delete;
  session& operator=(const session&) = delete;
  ~session();

  /// Runs it as the primary task and returns when everything that it started has completed.
  int launch(const std::function<int()>& main);
  /// Makes the calling code the primary task.
  void begin();
  /// Ends what begin() began, prints the closing lines and returns the status.
  int close();

  const options& chosen() const noexcept { return m_options; }
  int num_workers() const noexcept { return m_num_workers; }
  /// Null unless a primary task is running.
  sched::scheduler* scheduler() const noexcept { return m_scheduler.get(); }
  statistics totals() const;
  double elapsed_seconds() const noexcept;
  std::string census() const;

 private:
  void end_primary();
  void release_primary();
  void report_failures();
  void report_workers(const std::vector<torc::record::totals>& workers) const;
  void show_progress();
  void clear_progress();

  options m_options;
  int m_num_workers;
  bool m_is_bound = false;
  bool m_shows_progress = false;
  std::atomic<bool> m_has_progress_line = false;  ///< also written by the service thread
  base::time_point m_opened;
  base::time_point m_began;                   ///< the running primary task
  std::chrono::duration<double> m_running{};  ///< of primary tasks that are over
  std::unique_ptr<torc::record::trace> m_trace;
  std::unique_ptr<sched::scheduler> m_scheduler;
  detail::record* m_primary = nullptr;
  torc::record::totals m_totals;                      ///< of primary tasks that are over
  std::vector<torc::record::totals> m_worker_totals;  ///< likewise, by worker
  int m_status = 0;
};

/// The open session, or null.
session* current_session() noexcept;
/// The scheduler of the running primary task; throws torc::error, beginning with `where`, if there is none.
sched::scheduler& running_scheduler(const char* where);

/// Opens the process's session. Backends are initialised once and finalised by finalise() or at process exit.
void open_session(const options& given, const std::vector<backend>& backends);
/// Idempotent; the status of the last session.
int close_session();
void finalise();

/// As torc::start.
int start(const options& given, const std::vector<backend>& backends, const std::function<int()>& main);

}  // namespace torc::runtime
