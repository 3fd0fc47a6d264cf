// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors
#pragma once

#include <torc/options.hpp>

#include <functional>
#include <string>
#include <vector>

#include "core/protocol/transport.hpp"
#include "core/runtime/backend.hpp"
#include "core/sched/peers/node_map.hpp"
#include "core/sched/peers/space_map.hpp"

namespace torc::runtime {

/// What the nodes of a session have told each other when it was opened.
struct cluster {
  options chosen;  ///< of this node
  sched::node_map nodes;
  sched::space_map spaces;
  int cores_per_worker = 1;
  int num_cores = 1;                ///< that the other nodes of the host leave to this one; perhaps none
  bool primary_has_thread = false;  ///< this node is the first, and its primary task is not worker 0's
  bool is_bound = false;
  std::size_t first_sharer = 0;     ///< the first node that may use the same cores of this host as this one, or itself
  int first_core = 0;               ///< that worker 0 of this node is bound to
  std::vector<long> pids;           ///< of all nodes
  std::vector<std::string> census;  ///< lines for people, on node 0
  std::vector<std::string> notes;   ///< those that people should see unasked, likewise
};

/// Reads this node's configuration by `resolve`, of which `spaces` are the execution spaces, and agrees on it with the
/// others, if there is a network.
/// **Collective**. Throws config_error, with the same text on all nodes, if any of them has a bad configuration, if
/// they disagree on what must agree, or if they run different programs.
cluster agree(protocol::transport* network, const std::function<options()>& resolve,
              const std::vector<space_facts>& spaces);

/// Throws config_error on all nodes if one has a problem, which is not empty. **Collective**.
void agree_on_problem(protocol::transport* network, const std::string& problem);

}  // namespace torc::runtime
