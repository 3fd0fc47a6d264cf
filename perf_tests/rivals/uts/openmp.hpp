// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors

#pragma once

#include <cstdint>

#include "uts/tree.hpp"

namespace perf {

/// Counts what is below the node: a task for each child that has children itself. To be called in a taskgroup that
/// reduces `nodes`.
inline void openmp_uts_below(const uts::tree& tree, const uts::node& parent, int children, std::uint64_t& nodes) {
  nodes += static_cast<std::uint64_t>(children);
  for (int i = 0; i < children; ++i) {
    const uts::node child = uts::tree::child(parent, i);
    const int grandchildren = tree.child_count(child);
    if (grandchildren == 0) continue;
#pragma omp task default(none) firstprivate(child, grandchildren) shared(tree) in_reduction(+ : nodes)
    openmp_uts_below(tree, child, grandchildren, nodes);
  }
}

/// To be called in a parallel region.
inline std::uint64_t openmp_uts(const uts::tree& tree) {
  std::uint64_t nodes = 1;
  const uts::node root = tree.root();
#pragma omp taskgroup task_reduction(+ : nodes)
  {
#pragma omp task default(none) firstprivate(root) shared(tree) in_reduction(+ : nodes)
    openmp_uts_below(tree, root, tree.child_count(root), nodes);
  }
  return nodes;
}

}  // namespace perf
