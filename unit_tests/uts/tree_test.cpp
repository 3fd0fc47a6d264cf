// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors
#include "uts/tree.hpp"

#include <gtest/gtest.h>

#include "uts/search.hpp"

namespace {

using uts::census;
using uts::geometric_shape;
using uts::tree;
using uts::tree_type;

census nodes_of(const tree& t) { return uts::search_serially(t); }

TEST(tree, root_of_a_binomial_tree_has_all_its_children_for_certain) {
  const tree t{.type = tree_type::binomial, .root_branching = 2000};
  EXPECT_EQ(t.child_count(t.root()), 2000);
}

TEST(tree, nodes_have_at_most_100_children_except_in_balanced_trees) {
  tree t{.type = tree_type::binomial, .branching_probability = 1.0, .branching = 500};
  const uts::node inner = tree::child(t.root(), 0);
  EXPECT_EQ(t.child_count(inner), 100);
  t.type = tree_type::balanced;
  t.root_branching = 500;
  EXPECT_EQ(t.child_count(inner), 500);
}

TEST(tree, children_of_one_node_differ) {
  const uts::node root = tree{}.root();
  EXPECT_NE(tree::child(root, 0).state, tree::child(root, 1).state);
  EXPECT_EQ(tree::child(root, 0).height, 1);
}

TEST(tree, balanced_tree_is_complete) {
  EXPECT_EQ(nodes_of({.type = tree_type::balanced, .depth = 5, .root_branching = 3.0}),
            (census{.nodes = 364, .leaves = 243, .depth = 5}));
}

TEST(tree, depth_ends_a_linear_and_a_fixed_tree) {
  for (const geometric_shape shape : {geometric_shape::linear, geometric_shape::fixed}) {
    const census found = nodes_of({.shape = shape, .depth = 7, .root_seed = 34});
    EXPECT_EQ(found.depth, 7);
    EXPECT_GT(found.nodes, found.leaves);
  }
}

// The shape t with expected branching b0 * height^(-log b0 / log depth) reaches 1 child at that depth and ends beyond
// it.
TEST(tree, exponential_tree_goes_deeper_than_its_depth) {
  const census found = nodes_of({.shape = geometric_shape::exponential, .depth = 10, .root_seed = 0});
  EXPECT_EQ(found, (census{.nodes = 30330, .leaves = 15359, .depth = 31}));
}

TEST(tree, cyclic_tree_ends_below_five_times_its_depth_and_one) {
  const census found =
      nodes_of({.shape = geometric_shape::cyclic, .depth = 4, .root_branching = 5.0, .root_seed = 502});
  EXPECT_LE(found.depth, 5 * 4 + 1);
  EXPECT_GT(found.nodes, 1U);
}

TEST(tree, hybrid_tree_is_geometric_above_the_shift_and_binomial_below) {
  const tree hybrid{.type = tree_type::hybrid,
                    .depth = 8,
                    .root_seed = 1,
                    .branching_probability = 1.0,
                    .branching = 3,
                    .shift_depth = 0.5};
  tree geometric = hybrid;
  geometric.type = tree_type::geometric;
  uts::node n = hybrid.root();
  for (int height = 0; height < 8; ++height) {
    EXPECT_EQ(hybrid.child_count(n), height < 4 ? geometric.child_count(n) : 3) << "at height " << height;
    n = tree::child(n, 0);
  }
}

}  // namespace
