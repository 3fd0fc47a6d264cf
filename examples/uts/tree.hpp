// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors

#pragma once

#include <cstdint>

#include "sha1.hpp"

namespace uts {

/// A node of a tree: its random state, which determines all that is below it, and its distance from the root.
struct node {
  sha1_digest state{};
  std::int32_t height = 0;

  template <class Archive>
  void serialize(Archive& archive) {
    archive(state, height);
  }
};

enum class tree_type : std::int32_t { binomial, geometric, hybrid, balanced };

/// How the expected number of children of a geometric tree's node depends on its height.
enum class geometric_shape : std::int32_t { linear, exponential, cyclic, fixed };

/// The law of an unbalanced tree (Olivier et al., "UTS: an unbalanced tree search benchmark", LCPC 2006,
/// doi:10.1007/978-3-540-72521-3_18). Members are named after the paper's parameters; the letter is the flag of the
/// reference program, whose defaults these are.
struct tree {
  tree_type type = tree_type::geometric;            ///< -t
  geometric_shape shape = geometric_shape::linear;  ///< -a
  std::int32_t depth = 6;                           ///< -d: height at which a geometric or balanced tree ends
  double root_branching = 4.0;                      ///< -b: children of the root, or their expected number
  std::int32_t root_seed = 0;                       ///< -r
  double branching_probability = 15.0 / 64.0;       ///< -q: that a binomial node has children
  std::int32_t branching = 4;                       ///< -m: children of a binomial node that has any
  double shift_depth = 0.5;                         ///< -f: share of the depth where hybrid turns binomial

  [[nodiscard]] node root() const;
  [[nodiscard]] int child_count(const node& parent) const;

  /// The child of that index, which counts from 0.
  [[nodiscard]] static node child(const node& parent, int index);

  template <class Archive>
  void serialize(Archive& archive) {
    archive(type, shape, depth, root_branching, root_seed, branching_probability, branching, shift_depth);
  }
};

}  // namespace uts
