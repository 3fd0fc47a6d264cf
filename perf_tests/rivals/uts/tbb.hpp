// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors

#pragma once

#include <oneapi/tbb/combinable.h>
#include <oneapi/tbb/task_group.h>

#include <cstdint>
#include <functional>

#include "uts/tree.hpp"

namespace perf {

/// One flat group with a task for each node that has children; nodes are counted by each thread for itself.
class tbb_uts_search {
 public:
  explicit tbb_uts_search(const uts::tree& tree) : m_tree(tree) {}

  std::uint64_t run() {
    const uts::node root = m_tree.root();
    m_nodes.local() = 1;
    m_group.run_and_wait([this, root] { below(root, m_tree.child_count(root)); });
    return m_nodes.combine(std::plus<>());
  }

 private:
  void below(const uts::node& parent, int children) {
    m_nodes.local() += static_cast<std::uint64_t>(children);
    for (int i = 0; i < children; ++i) {
      const uts::node child = uts::tree::child(parent, i);
      const int grandchildren = m_tree.child_count(child);
      if (grandchildren > 0) m_group.run([this, child, grandchildren] { below(child, grandchildren); });
    }
  }

  uts::tree m_tree;
  oneapi::tbb::task_group m_group;
  oneapi::tbb::combinable<std::uint64_t> m_nodes{[] { return std::uint64_t{0}; }};
};

}  // namespace perf
