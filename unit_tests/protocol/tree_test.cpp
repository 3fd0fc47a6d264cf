// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors
#include "core/protocol/tree.hpp"

#include <gtest/gtest.h>

#include <vector>

namespace {

using torc::base::node_id;
using torc::protocol::tree;

TEST(tree, reaches_each_node_once_from_any_root) {
  for (const int num_nodes : {1, 2, 3, 4, 7, 64}) {
    for (int root = 0; root < num_nodes; ++root) {
      std::vector<int> reached(static_cast<std::size_t>(num_nodes));
      ++reached[static_cast<std::size_t>(root)];
      for (int i = 0; i < num_nodes; ++i) {
        const tree here(node_id{i}, num_nodes, node_id{root});
        EXPECT_EQ(here.is_root(), i == root);
        int children = 0;
        here.for_each_child([&](node_id child) {
          ++children;
          ++reached[index_of(child)];
          EXPECT_EQ(tree(child, num_nodes, node_id{root}).parent(), node_id{i});
        });
        EXPECT_EQ(children, here.num_children());
      }
      for (const int times : reached) EXPECT_EQ(times, 1);
    }
  }
}

TEST(tree, has_its_root_as_parent_of_itself) { EXPECT_EQ(tree(node_id{3}, 5, node_id{3}).parent(), node_id{3}); }

}  // namespace
