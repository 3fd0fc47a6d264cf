// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors
#pragma once

#include <torc/options.hpp>
#include <torc/statistics.hpp>

#include <atomic>
#include <exception>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "core/base/clock.hpp"
#include "core/protocol/transport.hpp"
#include "core/record/trace.hpp"
#include "core/runtime/backend.hpp"
#include "core/runtime/broadcasts.hpp"
#include "core/runtime/closing_report.hpp"
#include "core/runtime/cluster.hpp"
#include "core/runtime/grace_watch.hpp"
#include "core/runtime/node_report.hpp"
#include "core/runtime/progress.hpp"
#include "core/runtime/progress_display.hpp"
#include "core/runtime/state_watch.hpp"
#include "core/sched/scheduler.hpp"

namespace torc::runtime {

/// One session of this process, from init to shutdown.
class session {
 public:
  /// The environment overrides `given`. **Collective** over the nodes of the network, if there is one, which must
  /// outlive the session. Throws config_error.
  session(const options& given, protocol::transport* network, const device_source& devices);
  session(const session&) = delete;
  session& operator=(const session&) = delete;
  ~session();

  /// On node 0 runs it as the primary task and returns when everything that it started has completed, on all nodes;
  /// elsewhere runs tasks until then. The same status on all nodes. **Collective**.
  int launch(const std::function<int()>& main);
  /// Node 0: makes the calling code the primary task.
  void begin();
  /// The others: runs tasks until the primary task is over.
  void serve();
  /// Ends what begin() began, prints the closing lines and returns the status.
  int close();

  const options& chosen() const noexcept { return m_options; }
  const sched::node_map& nodes() const noexcept { return m_cluster.nodes; }
  bool is_first_node() const noexcept { return nodes().self() == base::first_node; }
  int num_workers() const noexcept { return m_num_workers; }
  /// Null on a node alone. To be asked by a thread that has found scheduler(), and used while that runs.
  progress* others() const noexcept { return m_progress.get(); }
  class broadcasts& broadcasts() noexcept {
    return m_broadcasts;
  }
  /// Null unless a primary task is running. Thread-safe; what is found lasts until the primary task and all that other
  /// threads have submitted are over.
  sched::scheduler* scheduler() const noexcept { return m_open.load(std::memory_order_acquire); }
  /// Before the primary task runs: for when it does. Then to be called on all nodes alike, by the thread
  /// that launches; later by that task, those below it, or threads whose tasks it waits for.
  void set_stealing(bool is_on);
  /// By any thread that holds closing_mutex().
  statistics totals() const;
  double elapsed_seconds() const noexcept;
  /// What is to be known of device tasks on this node: said once in a process.
  void advise_on_devices();
  /// Why this node has no execution spaces, as far as a backend says.
  const std::string& missing_devices() const noexcept { return m_device_source.missing; }
  const std::vector<std::string>& census() const noexcept { return m_cluster.census; }
  /// What people should know in any case, on node 0.
  const std::vector<std::string>& notes() const noexcept { return m_cluster.notes; }
  /// Whether a primary task of it has ended, or one of any session of this process. Thread-safe.
  bool has_ended() const noexcept { return m_has_ended.load(std::memory_order_relaxed); }
  static bool has_any_ended() noexcept;
  /// Held for a moment by who takes the scheduler, or the session, away from the other threads, and by those that use
  /// it without a task that keeps it open.
  static std::mutex& closing_mutex() noexcept;

 private:
  void check_none_runs() const;
  void open();
  [[noreturn]] void lose_device(const std::string& reason);
  std::unique_ptr<torc::record::trace> open_trace_everywhere() const;
  void close_scheduler();
  void hide_scheduler(const torc::record::totals& counted);
  void end_job_of_many(const std::exception& failure);
  static void stop_watching();
  static void note_is_left();
  node_report report_on(const torc::record::totals& totals) const;
  void gather(node_report mine, bool was_stealing);
  void tick();
  void end_primary();
  void release_primary();
  void print_closing_lines() const;

  protocol::transport* const m_network;
  const device_source& m_device_source;
  cluster m_cluster;
  const options& m_options = m_cluster.chosen;
  int m_num_workers;
  base::time_point m_opened;
  base::time_point m_began;  ///< the running primary task
  std::unique_ptr<torc::record::trace> m_trace;
  class broadcasts m_broadcasts;
  std::unique_ptr<progress> m_progress;
  std::vector<std::unique_ptr<sched::device>> m_devices;
  std::unique_ptr<sched::scheduler> m_scheduler;
  std::unique_ptr<grace_watch> m_watch;             ///< of the scheduler
  std::unique_ptr<progress_display> m_display;      ///< likewise; null where nothing is shown
  std::atomic<sched::scheduler*> m_open = nullptr;  ///< the same, from when other threads may use it
  detail::record* m_primary = nullptr;
  torc::record::totals m_totals;    ///< of primary tasks that are over; under closing_mutex()
  closing_report m_closing_report;  ///< likewise; on node 0, unless TORC_STATS=0
  load_profile m_load;              ///< of the running one, by the service thread
  double m_cpu_seconds = 0;         ///< of the process, when it began
  int m_status = 0;
  std::atomic<bool> m_has_ended{false};
};

/// The open session, or null. Thread-safe, but what is found lasts only until close_session: other threads than the one
/// that closes must be done with it by then.
session* current_session() noexcept;
/// The scheduler of the calling worker, or of the running primary task; null if there is none. Thread-safe.
sched::scheduler* find_scheduler() noexcept;
/// The same, but throws torc::error, beginning with `where`, if there is none. A thread that runs no task must have
/// something open in it, so that it is not closed meanwhile.
sched::scheduler& running_scheduler(const char* where);
/// As scheduler::open_outside of that, whatever closes meanwhile. Thread-safe. Throws torc::error if there is none, or
/// if it is ending.
detail::record& open_outside(const char* where);

/// Opens the process's session. Backends are initialised once and finalised by finalise() or at process exit.
void open_session(const options& given, const std::vector<backend>& backends);
/// Idempotent; the status of the last session.
int close_session();
void finalise();

/// Null unless a session has been opened since the start or finalise().
state_watch* process_watch() noexcept;

/// As torc::start.
int start(const options& given, const std::vector<backend>& backends, const std::function<int()>& main);

}  // namespace torc::runtime
