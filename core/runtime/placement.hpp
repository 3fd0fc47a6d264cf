// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors
#pragma once

#include <torc/detail/record.hpp>
#include <torc/options.hpp>

#include <atomic>
#include <cstdint>
#include <vector>

#include "core/sched/peers/node_map.hpp"
#include "core/sched/peers/space_map.hpp"

namespace torc::runtime {

/// Where the tasks of a node go that name no worker. Thread-safe.
class placement {
 public:
  placement(placement_policy policy, const sched::node_map& nodes, const sched::space_map& spaces)
      : m_policy(policy), m_nodes(nodes), m_spaces(spaces) {
    for (int space = 0; space < spaces.size(); ++space) {
      auto& turns = m_turns.emplace_back();
      for (int i = 0; i < nodes.num_nodes(); ++i) {
        const base::node_id node{(number_of(nodes.self()) + i) % nodes.num_nodes()};
        turns.insert(turns.end(), static_cast<std::size_t>(spaces.slots_of(node, space)), node);
      }
    }
  }

  /// Whether nested tasks stay on this node.
  bool keeps_nested(bool is_stealing) const noexcept {
    return m_policy == placement_policy::local || (m_policy == placement_policy::automatic && is_stealing);
  }

  /// Round the workers of all nodes, one after the other, from the first of this node on: so nodes get tasks in
  /// proportion to their workers. A task with more `cores` than a node has passes it by.
  base::node_id next(const detail::record& task, int cores, bool is_stealing) noexcept {
    const bool stays = this->stays(task, is_stealing);
    if (stays && m_nodes.workers_of(m_nodes.self()) >= cores) return m_nodes.self();
    for (;;) {
      const std::uint64_t turn = m_next.fetch_add(1, std::memory_order_relaxed);
      const auto workers = static_cast<std::uint64_t>(m_nodes.num_workers());
      const auto worker = (turn + static_cast<std::uint64_t>(m_nodes.first_own_worker())) % workers;
      const base::node_id node = m_nodes.node_of(static_cast<int>(worker));
      if (m_nodes.workers_of(node) >= cores) return node;
    }
  }

  /// The same for a device task, round the slots of its space.
  base::node_id next_with_space(const detail::record& task, int space, bool is_stealing) noexcept {
    if (stays(task, is_stealing) && m_spaces.has(m_nodes.self(), space)) return m_nodes.self();
    const auto& turns = m_turns[static_cast<std::size_t>(space)];
    return turns[m_next_slot.fetch_add(1, std::memory_order_relaxed) % turns.size()];
  }

 private:
  bool stays(const detail::record& task, bool is_stealing) const noexcept {
    const bool is_of_primary = (task.flags & detail::record_flags::of_primary) != 0;
    return m_policy == placement_policy::local || (!is_of_primary && keeps_nested(is_stealing));
  }

  const placement_policy m_policy;
  const sched::node_map& m_nodes;
  const sched::space_map& m_spaces;
  std::vector<std::vector<base::node_id>> m_turns;  ///< by space: each node once for each of its slots, this one first
  std::atomic<std::uint64_t> m_next{0};
  std::atomic<std::uint64_t> m_next_slot{0};
};

}  // namespace torc::runtime
