// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors
#pragma once

#include <torc/detail/record.hpp>

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
/// message needs to come for it. Thread-safe.
class grace_watch {
 public:
  /// The scheduler and the network, null for a node alone, must outlive it.
  grace_watch(sched::scheduler& node, protocol::transport* network, std::chrono::duration<double> grace);
  grace_watch(const grace_watch&) = delete;
  grace_watch& operator=(const grace_watch&) = delete;
  ~grace_watch();

  /// A body of that node's spmd has failed here: others of it may wait for it in a collective call. The job ends after
  /// the grace unless spmd_settled comes before.
  void spmd_failed(base::node_id home, const std::string& task_name, const std::exception_ptr& failure);
  /// All bodies of that node's spmd have ended.
  void spmd_settled(base::node_id home);

 private:
  struct spmd_limit;

  sched::scheduler& m_node;
  protocol::transport* const m_network;
  const std::chrono::duration<double> m_grace;
  const std::string m_place;  ///< "node 1 (host)"
  std::mutex m_mutex;
  std::vector<std::unique_ptr<spmd_limit>> m_spmds;  ///< guarded
};

}  // namespace torc::runtime
