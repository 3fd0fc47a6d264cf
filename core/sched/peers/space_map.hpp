// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors
#pragma once

#include <algorithm>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/node_id.hpp"

namespace torc::sched {

/// Which node has which execution spaces. A space is numbered by its name's place among those of all nodes, so that a
/// number means the same everywhere.
class space_map {
 public:
  static constexpr int none = -1;
  static constexpr std::size_t most_spaces = 64;

  /// One space of one node.
  struct entry {
    std::string name;
    int slots = 0;
    friend bool operator<(const entry& a, const entry& b) noexcept { return a.name < b.name; }
  };

  space_map() = default;
  /// `nodes`: what each of them has, each space once.
  explicit space_map(const std::vector<std::vector<entry>>& nodes) {
    for (const auto& node : nodes) {
      for (const entry& space : node) m_names.push_back(space.name);
    }
    std::sort(m_names.begin(), m_names.end());
    m_names.erase(std::unique(m_names.begin(), m_names.end()), m_names.end());
    for (const auto& node : nodes) {
      std::vector<int>& slots = m_slots.emplace_back(m_names.size());
      for (const entry& space : node) {
        slots[static_cast<std::size_t>(find(space.name))] = space.slots;
        m_total_slots += space.slots;
      }
    }
  }

  /// Its number; none if no node has it.
  int find(std::string_view name) const noexcept {
    const auto at = std::lower_bound(m_names.begin(), m_names.end(), name);
    return at != m_names.end() && *at == name ? static_cast<int>(at - m_names.begin()) : none;
  }
  int size() const noexcept { return static_cast<int>(m_names.size()); }
  const std::string& name_of(int space) const noexcept { return m_names[static_cast<std::size_t>(space)]; }
  const std::vector<std::string>& names() const noexcept { return m_names; }
  /// Of all nodes and spaces together.
  int slots() const noexcept { return m_total_slots; }
  int slots_of(base::node_id node, int space) const noexcept {
    return m_slots.empty() ? 0 : m_slots[index_of(node)][static_cast<std::size_t>(space)];
  }
  bool has(base::node_id node, int space) const noexcept { return slots_of(node, space) > 0; }
  std::vector<base::node_id> nodes_with(int space) const {
    std::vector<base::node_id> nodes;
    for (std::size_t i = 0; i < m_slots.size(); ++i) {
      const base::node_id node{static_cast<std::int32_t>(i)};
      if (has(node, space)) nodes.push_back(node);
    }
    return nodes;
  }
  /// One bit a space.
  std::uint64_t spaces_of(base::node_id node) const noexcept {
    std::uint64_t bits = 0;
    for (int space = 0; space < size(); ++space) bits |= has(node, space) ? bit_of(space) : 0;
    return bits;
  }
  static constexpr std::uint64_t bit_of(int space) noexcept { return std::uint64_t{1} << static_cast<unsigned>(space); }

 private:
  int m_total_slots = 0;
  std::vector<std::string> m_names;
  std::vector<std::vector<int>> m_slots;  ///< by node, then by space
};

}  // namespace torc::sched
