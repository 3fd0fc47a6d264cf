// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <utility>

#include "core/protocol/message.hpp"

namespace storm {

/// Counts, from the messages of a node, the bytes that tasks of others hold there, from their arrival to their end, and
/// compares them with what torc promises: the budget, and four times the largest of them for each worker. It counts
/// those alone for which their senders must have had room: not what is below other tasks than the primary one, what
/// waits for units of a limit or a slot of a device, what was stolen, and bodies of spmds. Tasks with a limit take
/// places instead, each of which the receiver checks when it is used, and nobody tells other nodes when one is free.
class credit_check {
 public:
  using node_id = torc::protocol::node_id;
  using message = torc::protocol::message;

  /// Of a node with so many workers.
  void begin(node_id self, std::int64_t budget_bytes, int workers);
  /// A message comes to the node; what is wrong, if anything.
  std::optional<std::string> arrives(const message& arrived);
  /// A message leaves it.
  void leaves(node_id to, const message& sent);

 private:
  using name = std::pair<node_id, std::uint64_t>;  ///< home, and name there

  node_id m_self{0};
  std::int64_t m_budget_bytes = 0;
  int m_workers = 0;
  std::map<name, std::int64_t> m_held;
  std::int64_t m_held_bytes = 0;
  std::int64_t m_largest_bytes = 0;
};

}  // namespace storm
