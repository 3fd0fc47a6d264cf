// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors
#pragma once

#include <cstdint>
#include <deque>
#include <map>
#include <optional>

#include "core/base/node_id.hpp"

namespace torc::protocol {

using base::node_id;

/// Places of a node for tasks of others that have a limit: the receiver's side, as `limit_lane` is the sender's.
///
/// Such a task may wait for its units for as long as others hold them, and these may wait for tasks that are still to
/// come here. So it takes no part of the budget; it takes one of a few places that each limit has for itself, until its
/// body begins. Tasks that wait for units of a limit keep out nothing but tasks with the same limit, which would wait
/// for the same units.
///
/// Whoever has such tasks asks for places; they are granted in the order of the requests, one to each sender in turn.
class limit_places {
 public:
  /// What a sender may have asked for at a time.
  static constexpr std::uint64_t most_asked = 64;

  struct grant {
    node_id to{0};
    std::uint64_t count = 0;
  };

  /// `workers`: of this node, which has two places for each of them: one task runs while the next one waits.
  explicit limit_places(std::uint32_t workers) noexcept : m_num_places(2 * std::uint64_t{workers}) {}

  /// False if the sender may not ask for so many.
  bool ask(node_id from, std::uint32_t limit, std::uint64_t count);
  /// Places of that limit that are to be told of now; to be called until there are none, after each change.
  std::optional<grant> next_grant(std::uint32_t limit);
  /// A task has come; false if its sender was granted no place for it.
  bool admit(node_id from, std::uint32_t limit);
  /// The place of a task that has come is free again: its body has begun, or it is over, or has left.
  void leave(std::uint32_t limit);
  /// The sender does not need so many of its places; false if it does not have them.
  bool give_back(node_id from, std::uint32_t limit, std::uint64_t count);

  /// Places that tasks have here, or that their senders were granted for them.
  std::uint64_t num_taken(std::uint32_t limit) const noexcept;
  /// Whether nobody has any place, nor wants one.
  bool is_whole() const noexcept { return m_lines.empty(); }

 private:
  struct account {
    std::uint64_t num_asked = 0;
    std::uint64_t num_granted = 0;  ///< whose tasks have not come
  };
  struct line {
    std::uint64_t num_taken = 0;
    std::map<node_id, account> senders;
    std::deque<node_id> askers;  ///< whose turn it is, and who comes after it
  };
  void forget_if_idle(std::uint32_t limit, line& of, node_id sender);

  const std::uint64_t m_num_places;
  std::map<std::uint32_t, line> m_lines;  ///< by limit; of those that somebody has to do with
};

}  // namespace torc::protocol
