// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors
#pragma once

#include <torc/detail/record.hpp>

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "core/sched/peers/node_map.hpp"
#include "core/sched/queue/turn.hpp"
#include "core/task/extras.hpp"

namespace torc::runtime {

/// A task as bytes: what type it is of, its place in the task tree, its options; then function and arguments as its
/// codec writes them. `limits_above` as the function of that name finds them.
void encode_task(const detail::record& task, const std::vector<std::string>& limits_above,
                 std::vector<std::byte>& bytes);

/// Names of the limits of the tasks above it, on other nodes too. Those must be alive: not if the task was cancelled.
std::vector<std::string> limits_above(const detail::record& task);

/// What stands before function and arguments.
struct task_head {
  const detail::task_codec* codec = nullptr;
  std::uint64_t path = 0;
  bool is_of_primary = false;
  double priority = sched::no_priority;  ///< given or inherited
  bool is_in_spmd = false;
  bool is_in_device = false;
  int space = -1;  ///< that it needs, by its number; below 0 for none
  bool is_for_host_too = false;
  std::optional<task_options> options;
  std::vector<std::string> limits_above;  ///< of the tasks above it
  std::size_t size_bytes = 0;
};

/// Throws serialization_error for bytes that are none, identity_error for a type that this process does not have.
task_head decode_head(std::span<const std::byte> bytes);

/// Whether it can be run on this node. Throws serialization_error.
void check_head(const task_head& head, const sched::node_map& nodes, int num_spaces);

}  // namespace torc::runtime
