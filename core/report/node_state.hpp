// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors
#pragma once

#include <chrono>
#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "core/base/node_id.hpp"
#include "core/protocol/state.hpp"
#include "core/sched/state.hpp"

namespace torc::report {

/// What a node has to do with the others.
struct traffic_state {
  /// Who has the role of progress, when somebody else wanted it; empty for nobody.
  std::string role_holder;
  std::chrono::nanoseconds since_last_turn{};  ///< in which something was sent or received
  std::size_t num_queued = 0;                  ///< for the role's holder, about
  /// Only if the role could be had.
  std::optional<protocol::state> node;
  bool is_flushed = true;  ///< nothing sent is still on its way out; only with `node`
};

/// All that a node's state report tells.
struct node_state {
  base::node_id node{0};
  std::string host;
  long pid = 0;
  std::chrono::duration<double> running{};  ///< since the primary task began
  sched::state threads;
  std::optional<traffic_state> traffic;  ///< none for a node alone
};

/// The report, as lines without an end.
std::vector<std::string> describe(const node_state& found);

}  // namespace torc::report
