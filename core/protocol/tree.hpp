// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors
#pragma once

#include "core/base/node_id.hpp"

namespace torc::protocol {

/// The binary tree over all nodes with a given root, along which news is passed on.
class tree {
 public:
  tree(base::node_id self, int num_nodes, base::node_id root = base::first_node) noexcept
      : m_root(number_of(root)), m_num_nodes(num_nodes), m_place((number_of(self) - m_root + num_nodes) % num_nodes) {}

  int num_children() const noexcept {
    const long long first = 2LL * m_place + 1;
    return first >= m_num_nodes ? 0 : first + 1 >= m_num_nodes ? 1 : 2;
  }
  template <class Function>
  void for_each_child(Function function) const {
    for (int i = 0; i < num_children(); ++i) function(node_at(2 * m_place + 1 + i));
  }
  bool is_root() const noexcept { return m_place == 0; }
  base::node_id parent() const noexcept { return node_at((m_place - 1) / 2); }

 private:
  base::node_id node_at(int place) const noexcept { return base::node_id{(place + m_root) % m_num_nodes}; }

  int m_root;
  int m_num_nodes;
  int m_place;  ///< counted from the root
};

}  // namespace torc::protocol
