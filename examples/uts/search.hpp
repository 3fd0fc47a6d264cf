// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors

#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>

#include "tree.hpp"

namespace uts {

/// What a search finds in a tree, or in part of one.
struct census {
  std::uint64_t nodes = 0;
  std::uint64_t leaves = 0;
  std::int32_t depth = 0;

  census& operator+=(const census& other) {
    nodes += other.nodes;
    leaves += other.leaves;
    depth = std::max(depth, other.depth);
    return *this;
  }
  friend bool operator==(const census&, const census&) = default;

  template <class Archive>
  void serialize(Archive& archive) {
    archive(nodes, leaves, depth);
  }
};

/// Nodes that a task gives away at once, unless told otherwise.
inline constexpr std::size_t default_chunk = 32;

/// Searches the tree with tasks. Call it from a task. A task works depth first on a stack of its own, and makes a new
/// task of the oldest nodes, those nearest to the root, whenever it holds more than two chunks of them.
census search(const tree& t, std::size_t chunk = default_chunk);

/// Searches the tree without tasks: what the parallel search is compared with.
census search_serially(const tree& t);

}  // namespace uts
