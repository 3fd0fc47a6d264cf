// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "core/base/node_id.hpp"

namespace torc::protocol {

using base::node_id;

/// Where a task stands in the order of a node: what is below a begun task, other than the primary one, is inner. One
/// that waits for a slot of a device, and not for a worker, does not begin as soon as others do.
enum class depth : std::uint8_t { inner, inner_with_slot, outer };

/// What the tasks of others may take of a node's memory: the receiver's side of credit, as `credit` is the sender's.
///
/// Half of the budget is dealt out to all senders in equal shares, so that nobody has to ask first. The other half, the
/// pool, goes to those who ask because their share does not suffice, and returns to the pool as the tasks that it was
/// used for give it back. Where neither suffices a task is admitted all the same while fewer than two tasks a worker
/// are queued here, so no task is too large for a node. For an inner one only those of its level count: the outer ones,
/// and those with a slot, may wait here for slots of a device, and who has those for just this one.
///
/// A task gives back what it holds when its body begins, as long as at most two such bodies a worker run or are
/// suspended; later ones when they end. So suspended bodies do not let bytes in without end: outer tasks, queued and
/// begun, hold at most the budget and four times the largest one for each worker. Inner tasks are not bounded so when
/// they are begun, because outer ones may wait for them: for these it is enough that the queued ones begin, which they
/// do, because what waits holds no worker.
class budget {
 public:
  /// What one guest holds.
  struct hold {
    enum class stage : std::uint8_t { none, queued, begun, begun_and_holding };
    std::int64_t bytes = 0;
    depth level = depth::outer;
    stage at = stage::none;
  };
  struct grant {
    node_id to{0};
    std::int64_t bytes = 0;
    std::uint64_t request = 0;  ///< that it answers
  };

  budget(std::int64_t bytes, std::uint32_t workers, int num_nodes);

  /// What each sender has without asking.
  static std::int64_t share_of(std::int64_t budget_bytes, int num_nodes) noexcept;

  /// A task has come; nullopt if its sender has not so much left.
  std::optional<hold> admit(node_id from, std::int64_t cost, depth level);
  /// Its body has begun, or waits for what is not the node's to give. May be repeated. Returns what its sender has back
  /// at once.
  std::int64_t begin(node_id from, hold& guest);
  /// It is over, or has left. Returns what its sender has back at once.
  std::int64_t end(node_id from, hold& guest);
  /// A sender has a task of that cost for which it has not enough. This stands until the task has come, and replaces
  /// what the sender has asked before at this level. `request` is repeated in grants: the sender uses none that comes
  /// when it has withdrawn the request or made another one, for nobody counts then with what it would send for it.
  void ask(node_id from, std::int64_t cost, depth level, std::uint64_t request = 0);
  /// Nothing waits at a sender any more, which gives back what it needs no more; false if it cannot have so much.
  bool give_back(node_id from, std::uint64_t bytes);
  /// What a grant brought that came too late; false if its sender cannot have so much. Only that request is forgotten.
  bool give_grant_back(node_id from, std::uint64_t bytes, std::uint64_t request);
  /// Credit that is to be sent now; to be called until there is none.
  std::optional<grant> next_grant();

  /// Bytes that are free for whoever asks; less than 0 where tasks were admitted beyond the budget.
  std::int64_t pool_bytes() const noexcept { return m_pool_bytes; }
  /// Whether nothing is held here, and no sender has more than its share.
  bool is_whole() const noexcept;

 private:
  static constexpr std::size_t num_levels = 3;
  struct account {
    std::int64_t allotted_bytes = 0;  ///< with the sender, under way, or held here
    std::int64_t held_bytes = 0;
    std::array<std::int64_t, num_levels> asked_bytes{};  ///< cost of the task that waits for credit; 0 for none
    std::array<std::uint64_t, num_levels> requests{};    ///< by which it was asked for
    /// Cost of the task that was admitted beyond the budget and has not come; 0 for none.
    std::array<std::int64_t, num_levels> beyond_bytes{};
  };

  account& account_of(node_id sender) noexcept { return m_accounts[index_of(sender)]; }
  bool take_back(node_id from, std::uint64_t bytes) noexcept;
  std::int64_t release(node_id from, hold& guest) noexcept;
  void forget_request(node_id from, std::size_t level);
  bool may_go_beyond(const account& sender, std::size_t level) const noexcept;
  std::uint32_t num_here(std::size_t level) const noexcept { return m_num_queued[level] + m_num_beyond[level]; }
  std::uint32_t num_here() const noexcept {
    std::uint32_t sum = 0;
    for (std::size_t level = 0; level < num_levels; ++level) sum += num_here(level);
    return sum;
  }
  void settle_beyond(account& sender, std::size_t level) noexcept;

  const std::int64_t m_share_bytes;
  const std::uint32_t m_most_tasks;  ///< two for each worker
  std::int64_t m_pool_bytes;
  std::vector<account> m_accounts;                        ///< by sender
  std::array<std::vector<node_id>, num_levels> m_askers;  ///< in the order in which they asked
  std::array<std::uint32_t, num_levels> m_num_queued{};
  std::uint32_t m_num_begun = 0;                         ///< that have given back what they held
  std::uint32_t m_num_outer_holding = 0;                 ///< begun, and holding until they end
  std::array<std::uint32_t, num_levels> m_num_beyond{};  ///< admitted beyond the budget, and still to come
};

}  // namespace torc::protocol
