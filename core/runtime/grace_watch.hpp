// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors
#pragma once

#include <torc/detail/record.hpp>

#include <atomic>
#include <chrono>
#include <exception>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "core/base/node_id.hpp"
#include "core/protocol/transport.hpp"
#include "core/sched/scheduler.hpp"

namespace torc::runtime {

/// Sees to it that nothing hangs for ever because something has failed: what is not over after TORC_TEAM_GRACE ends the
/// job. It looks on the service thread of the node where the failure happened, since no body holds that thread, and no
/// message needs to come for it. And it tells what keeps a session from ending. Thread-safe.
class grace_watch {
 public:
  /// The scheduler and the network, null for a node alone, must outlive it.
  grace_watch(sched::scheduler& scheduler, protocol::transport* network, std::chrono::duration<double> grace);
  grace_watch(const grace_watch&) = delete;
  grace_watch& operator=(const grace_watch&) = delete;
  ~grace_watch();

  /// The body of the primary task is over: what keeps the session from ending is told once, after the grace.
  void primary_returned();
  /// The primary task has failed: the job ends after the grace, and so does a body that runs here.
  void primary_failed();
  /// A signal ends the session early: the same, for the primary task's body too. `is_own`: it has come to this process.
  void session_stopped(int signal, bool is_own);
  /// A body of that node's spmd has failed here: others of it may wait for it in a collective call. The job ends after
  /// the grace unless spmd_settled comes before.
  void spmd_failed(base::node_id home, const std::string& task_name, const std::exception_ptr& failure);
  /// All bodies of that node's spmd have ended.
  void spmd_settled(base::node_id home);

 private:
  struct spmd_limit;
  struct session_limit;

  /// Why the session is to end; the later ones are more urgent.
  enum class ending { none, primary_returned, primary_failed, stopped };

  void session_is_late(ending why);
  void watch_session(ending why, bool ends_all);
  std::string running_here(bool with_primary);
  std::string describe(ending why) const;
  [[noreturn]] void end_job(const std::string& reason) const noexcept;

  sched::scheduler& m_scheduler;
  protocol::transport* const m_network;
  const std::chrono::duration<double> m_grace;
  const std::string m_place;  ///< "node 1 (host)"
  std::mutex m_mutex;
  std::vector<std::unique_ptr<spmd_limit>> m_spmds;    ///< guarded
  std::vector<std::unique_ptr<session_limit>> m_ends;  ///< guarded
  std::atomic<ending> m_ending{ending::none};          ///< written under the mutex
  std::atomic<int> m_signal{0};                        ///< that has stopped it
};

}  // namespace torc::runtime
