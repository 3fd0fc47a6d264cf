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
#include <optional>
#include <string>
#include <vector>

#include "core/base/clock.hpp"
#include "core/metrics/trace.hpp"
#include "core/protocol/transport.hpp"
#include "core/report/closing_report.hpp"
#include "core/report/node_report.hpp"
#include "core/runtime/backend.hpp"
#include "core/runtime/broadcasts.hpp"
#include "core/runtime/cluster.hpp"
#include "core/runtime/grace_watch.hpp"
#include "core/runtime/progress.hpp"
#include "core/runtime/progress_display.hpp"
#include "core/runtime/state_watch.hpp"
#include "core/runtime/stop_order.hpp"
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

  const options& config() const noexcept { return m_options; }
  const sched::node_map& nodes() const noexcept { return m_cluster.nodes; }
  bool is_first_node() const noexcept { return nodes().self() == base::first_node; }
  int num_workers() const noexcept { return m_num_workers; }
  /// Null on a node alone. For who keeps the scheduler open.
  progress* others() const noexcept { return m_progress.get(); }
  /// Of the running primary task, for who keeps the scheduler open.
  class broadcasts& broadcasts() noexcept {
    return *m_broadcasts;
  }
  /// Before the primary task runs: for when it does, to be called on all nodes alike by the thread that launches. Later
  /// by any thread.
  void set_stealing(bool is_on);
  /// Thread-safe.
  statistics totals() const;
  double elapsed_seconds() const noexcept;
  /// What is to be known of device tasks on this node, when it first matters: said once in a process.
  void advise_on_devices();
  /// Why this node has no execution spaces, as far as a backend says.
  const std::string& missing_devices() const noexcept { return m_device_source.missing; }
  const std::vector<std::string>& census() const noexcept { return m_cluster.census; }
  /// What people should know in any case, on node 0.
  const std::vector<std::string>& notes() const noexcept { return m_cluster.notes; }

 private:
  void check_none_runs() const;
  void open();
  [[noreturn]] void lose_device(const std::string& reason);
  std::unique_ptr<torc::metrics::trace> open_trace_everywhere() const;
  void close_scheduler();
  void drop_scheduler(const torc::metrics::totals& counted);
  bool tells_failure(const std::exception_ptr& failure) const noexcept;
  void end_job_of_many(const std::exception& failure);
  static void stop_watching();
  static void note_is_left(bool was_stopped);
  report::node_report report_on(const torc::metrics::totals& totals) const;
  void gather(report::node_report mine, bool was_stealing);
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
  std::unique_ptr<torc::metrics::trace> m_trace;
  std::optional<class broadcasts> m_broadcasts;  ///< of the running primary task
  std::unique_ptr<progress> m_progress;
  std::vector<std::unique_ptr<sched::device>> m_devices;
  std::unique_ptr<sched::scheduler> m_scheduler;
  std::unique_ptr<grace_watch> m_watch;         ///< of the scheduler
  std::unique_ptr<stop_order> m_stop;           ///< likewise
  std::unique_ptr<progress_display> m_display;  ///< likewise; null where nothing is shown
  detail::record* m_primary = nullptr;
  mutable std::mutex m_totals_mutex;
  torc::metrics::totals m_totals;                ///< guarded; of primary tasks that are over
  const sched::scheduler* m_counting = nullptr;  ///< guarded; has counts that are not in m_totals yet
  report::closing_report m_closing_report;       ///< of primary tasks that are over; on node 0, unless TORC_STATS=0
  report::load_profile m_load;                   ///< of the running one, by the service thread
  double m_cpu_seconds = 0;                      ///< of the process, when it began
  std::atomic<bool> m_steals;                    ///< the next primary task's nodes from each other; set by any thread
  int m_status = 0;
  int m_signal = 0;  ///< that has stopped it; the same on all nodes, once they have met
};

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
