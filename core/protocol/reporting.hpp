// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors
#pragma once

#include <vector>

#include "core/base/node_id.hpp"

namespace torc::protocol {

/// A node's part in reports on the state of all nodes: one asks all others, each answers when it likes, and the one
/// that has asked says when it needs no more. They are asked one by one, not along a tree, so that a node that stands
/// still cuts nobody off.
///
/// An answer and the word that all is over are owed from when the question has been asked. They count as sent from
/// then on (see termination.hpp): so the session does not end while somebody may still send one.
struct reporting {
  bool is_asking = false;
  std::vector<int> missing;           ///< by node: answers that are to come, also to earlier questions
  std::vector<base::node_id> askers;  ///< that have not said that it is over
  std::vector<base::node_id> owed;    ///< those that are to be answered
};

}  // namespace torc::protocol
