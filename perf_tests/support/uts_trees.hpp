// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors

#pragma once

#include "uts/tree.hpp"

/// What the searches of unbalanced trees are measured with.
namespace perf {

/// T3 of the UTS papers: binomial, 4,112,897 nodes, 1572 deep.
inline uts::tree t3() {
  uts::tree tree;
  tree.type = uts::tree_type::binomial;
  tree.root_branching = 2000;
  tree.branching_probability = 0.124875;
  tree.branching = 8;
  tree.root_seed = 42;
  return tree;
}

/// A geometric tree of some thousand nodes.
inline uts::tree small_tree() {
  uts::tree tree;
  tree.shape = uts::geometric_shape::fixed;
  tree.depth = 6;
  tree.root_seed = 19;
  return tree;
}

}  // namespace perf
