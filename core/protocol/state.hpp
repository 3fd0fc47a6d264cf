// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "core/protocol/local_side.hpp"

namespace torc::protocol {

/// What a node has to do with one other node.
struct peer_state {
  node_id node{0};
  std::size_t num_away = 0;     ///< tasks of this node that it holds
  std::size_t num_guests = 0;   ///< of its tasks that are held here
  std::size_t num_waiting = 0;  ///< tasks that wait for credit there
  std::size_t num_limited = 0;  ///< tasks with a limit that wait for places there
  bool is_asked_for_credit = false;
  std::int64_t credit_bytes = 0;  ///< that may still be sent there

  bool is_of_interest() const noexcept { return num_away + num_guests + num_waiting + num_limited != 0; }
};

/// Where a node stands in the protocol, for reports.
struct state {
  struct away_task {
    task_ref task{};
    node_id holder = base::no_node;
  };
  std::vector<away_task> away;
  std::vector<peer_state> peers;  ///< with which it has to do something
  bool is_stealing = false;
  node_id asked_for_work = base::no_node;  ///< whose answer is under way
  std::vector<node_id> lifelines;          ///< that are to push work
  std::vector<node_id> waiting_thieves;    ///< that wait for some from here
  std::vector<node_id> spmds;              ///< node 0: whose turn it is, and who waits for it
  int spmd_requests = 0;                   ///< of this node, not granted yet
  std::uint64_t num_sent = 0;              ///< messages
  std::uint64_t num_received = 0;
  bool is_shutting_down = false;
  bool is_drained = false;
};

}  // namespace torc::protocol
