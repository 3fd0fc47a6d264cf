// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors
#pragma once

#include <cstddef>
#include <cstdint>

namespace torc::base {

/// Position of a node among the session's nodes.
enum class node_id : std::int32_t {};

inline constexpr node_id first_node{0};
inline constexpr node_id no_node{-1};

/// As an index of arrays with an element for each node.
constexpr std::size_t index_of(node_id node) noexcept { return static_cast<std::size_t>(node); }
constexpr int number_of(node_id node) noexcept { return static_cast<int>(node); }

}  // namespace torc::base
