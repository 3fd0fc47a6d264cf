// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors
#pragma once

#include <algorithm>
#include <vector>

#include "core/base/node_id.hpp"

namespace torc::sched {

/// Which workers belong to which node: workers are numbered across nodes, node 0's first.
class node_map {
 public:
  node_map() = default;
  /// `workers`: of each node, at least 1.
  node_map(base::node_id self, const std::vector<int>& workers) : m_self(self) {
    m_first.clear();
    int next = 0;
    for (const int count : workers) {
      m_first.push_back(next);
      m_most = std::max(m_most, count);
      next += count;
    }
    m_first.push_back(next);
  }

  base::node_id self() const noexcept { return m_self; }
  int num_nodes() const noexcept { return static_cast<int>(m_first.size()) - 1; }
  int num_workers() const noexcept { return m_first.back(); }
  /// Of the node with the most.
  int most_workers() const noexcept { return m_most; }
  int workers_of(base::node_id node) const noexcept { return m_first[index_of(node) + 1] - m_first[index_of(node)]; }
  int first_worker_of(base::node_id node) const noexcept { return m_first[index_of(node)]; }
  base::node_id node_of(int worker) const noexcept {
    const auto after = std::upper_bound(m_first.begin(), m_first.end(), worker);
    return base::node_id{static_cast<std::int32_t>(after - m_first.begin()) - 1};
  }
  int first_own_worker() const noexcept { return first_worker_of(m_self); }
  bool is_own(int worker) const noexcept {
    return worker >= first_own_worker() && worker < m_first[index_of(m_self) + 1];
  }

 private:
  base::node_id m_self{0};
  std::vector<int> m_first{0, 1};  ///< first worker of each node, then their number
  int m_most = 1;
};

}  // namespace torc::sched
