// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors

#include "tree.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <numbers>

namespace uts {

namespace {

/// Most children that a node may have, except the roots of binomial and the nodes of balanced trees.
constexpr int max_children = 100;

/// The number in [0, 1) that a node's state stands for.
double uniform(const node& n) { return (n.state[4] & 0x7FFFFFFFU) / 2147483648.0; }

double expected_children(const tree& t, int height) {
  if (height == 0) return t.root_branching;
  switch (t.shape) {
    case geometric_shape::linear:
      return t.root_branching * (1.0 - height / static_cast<double>(t.depth));
    case geometric_shape::exponential:
      return t.root_branching * std::pow(height, -std::log(t.root_branching) / std::log(t.depth));
    case geometric_shape::cyclic:
      if (height > 5 * t.depth) return 0.0;
      return std::pow(t.root_branching, std::sin(2.0 * std::numbers::pi * height / t.depth));
    case geometric_shape::fixed:
      return height < t.depth ? t.root_branching : 0.0;
  }
  return 0.0;
}

/// Inverse of the geometric distribution with the expected value of that height.
int geometric_children(const tree& t, const node& n) {
  const double p = 1.0 / (1.0 + expected_children(t, n.height));
  const double children = std::floor(std::log(1.0 - uniform(n)) / std::log(1.0 - p));
  return static_cast<int>(std::min<double>(children, max_children));
}

int binomial_children(const tree& t, const node& n) {
  if (n.height == 0) return static_cast<int>(std::floor(t.root_branching));
  return uniform(n) < t.branching_probability ? std::min(t.branching, max_children) : 0;
}

}  // namespace

node tree::root() const {
  const std::array<std::uint32_t, 5> message{0, 0, 0, 0, static_cast<std::uint32_t>(root_seed)};
  return {sha1(sha1_pad(message)), 0};
}

int tree::child_count(const node& parent) const {
  switch (type) {
    case tree_type::binomial:
      return binomial_children(*this, parent);
    case tree_type::geometric:
      return geometric_children(*this, parent);
    case tree_type::hybrid:
      return parent.height < shift_depth * depth ? geometric_children(*this, parent) : binomial_children(*this, parent);
    case tree_type::balanced:
      return parent.height < depth ? static_cast<int>(root_branching) : 0;
  }
  return 0;
}

node tree::child(const node& parent, int index) {
  const auto& s = parent.state;
  const std::array<std::uint32_t, 6> message{s[0], s[1], s[2], s[3], s[4], static_cast<std::uint32_t>(index)};
  return {sha1(sha1_pad(message)), parent.height + 1};
}

}  // namespace uts
