// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "core/metrics/counters.hpp"
#include "core/protocol/transport.hpp"
#include "core/report/load_profile.hpp"

namespace torc::report {

/// What a worker has done.
struct worker_report {
  torc::metrics::totals done;
  std::uint64_t longest_ns = 0;  ///< 0 where bodies were not timed
  std::string longest_name;

  template <class Archive>
  void serialize(Archive& archive) {
    archive(done.created, done.begun, done.executed, done.stolen, done.suspended, done.idle_ns, longest_ns,
            longest_name);
  }
};

/// What a node has done in a primary task, or in several.
struct node_work {
  double running_seconds = 0;  ///< since the primary task began
  std::uint64_t created = 0;   ///< by whatever thread
  std::uint64_t executed = 0;
  std::vector<worker_report> workers;  ///< empty where nobody is to see them

  /// In this node's workers. One that has ended no body had only been looking for some.
  double busy_seconds() const noexcept;
  /// Adds what the same node has done in another primary task.
  void add(const node_work& other);

  template <class Archive>
  void serialize(Archive& archive) {
    archive(running_seconds, created, executed, workers);
  }
};

/// What a node tells node 0 when a primary task is over. Only `status`, `signal` and the sums of `work` are there with
/// TORC_STATS=0.
struct node_report {
  std::int64_t status = 0;  ///< the session's
  std::int32_t signal = 0;  ///< that has stopped it; 0 for none
  node_work work;
  std::int32_t first_sharer = 0;  ///< the first node that may use the same cores, see cluster
  std::int32_t cores = 1;         ///< that it may use, together with all nodes of the same first sharer
  double cpu_seconds = 0;         ///< of all threads of the process in the primary task
  load_profile load;
  // Bodies that went on after their timeout.
  std::uint64_t overrun_ns = 0;
  std::uint64_t longest_overrun_ns = 0;
  std::string longest_overrun_name;

  template <class Archive>
  void serialize(Archive& archive) {
    archive(status, signal, work, first_sharer, cores, cpu_seconds, load, overrun_ns, longest_overrun_ns,
            longest_overrun_name);
  }
};

/// Everybody's, in the order of the nodes; the own alone without a network. **Collective**.
std::vector<node_report> exchange_reports(protocol::transport* network, node_report mine);

/// The table of TORC_STATS=2, as lines.
std::vector<std::string> table_of(std::span<const node_work> nodes);

}  // namespace torc::report
