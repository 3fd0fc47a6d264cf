// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors
#pragma once

#include <cstdint>
#include <vector>

#include "backends/sim/agenda.hpp"

namespace torc::sim {

inline constexpr int no_space = -1;
inline constexpr int no_limit = -1;

/// A counting limit of a job, by its place among them.
struct limit_spec {
  std::int64_t capacity = 1;
  bool is_per_node = false;
};

/// All that a task is: what it does follows from it on whatever node it runs.
struct task_spec {
  std::uint64_t seed = 0;
  std::uint32_t kind = 0;  ///< for the program
  std::uint32_t payload_bytes = 0;
  std::uint32_t result_bytes = 0;
  std::uint16_t cores = 1;         ///< workers that a node must have to run it
  bool throws = false;             ///< after its last step
  bool is_urgent = false;          ///< an spmd body
  bool cannot_be_encoded = false;  ///< so it fails when it is to leave
  bool is_for_host_too = false;    ///< a device task that a worker may run as well
  bool is_below_device = false;    ///< a device task is among those that it belongs to
  bool is_below_begun = false;     ///< a task other than the primary one has begun above it
  bool is_pinned = false;          ///< a device task that may not be stolen
  int space = no_space;            ///< the execution space of a device task
  int limit = no_limit;            ///< of which it has `units` while its body runs; no device task has one
  std::uint32_t units = 1;
  std::uint64_t limits_above = 0;  ///< one bit each: of the tasks that it belongs to
  bool declares_limits = false;    ///< before anything else
  bool may_have_limits = false;    ///< it, and what is below it: it begins when they have been declared
  std::uint64_t id = 0;            ///< given by the ledger
  nanoseconds duration{0};         ///< for the program
};

constexpr std::uint64_t bit_of(int number) noexcept { return std::uint64_t{1} << static_cast<unsigned>(number); }

/// Whether only nodes with its space can run it.
constexpr bool needs_space(const task_spec& task) noexcept { return task.space != no_space && !task.is_for_host_too; }

/// Whether it belongs to a device task, or is one.
constexpr bool is_in_device(const task_spec& task) noexcept { return task.space != no_space || task.is_below_device; }

/// Whether a task above it has what others wait for: a slot, or units of a limit.
constexpr bool is_below_holder(const task_spec& task) noexcept {
  return task.is_below_device || task.limits_above != 0;
}

/// Where a task is put; a device task only where its space is.
enum class placement : std::uint8_t {
  nested,         ///< at home, to be stolen
  nested_pinned,  ///< at home, never to leave
  placed,         ///< on a node, from where it may be stolen
  pinned,         ///< on a node, never to leave it
};

/// What bodies do, one after the other.
struct step {
  enum class action : std::uint8_t {
    compute,          ///< for `duration`
    spawn,            ///< `task` to `where`, `number` being the node
    wait,             ///< for all children
    cancel_child,     ///< its child `number`, and wait for the answer
    cancel_stranger,  ///< any task of the same home, chosen by `number`, and wait for the answer
    broadcast,        ///< `number` bytes, and forget them after the next wait
    set_stealing,     ///< `number`: 1 or 0
    spmd,             ///< on all nodes, with `task` as the body; nothing in device tasks and below them
    declare_limits,   ///< all of the job, and wait until they are known everywhere
  };
  action what = action::compute;
  nanoseconds duration{0};
  std::uint64_t number = 0;
  placement where = placement::nested;
  task_spec task;
};

/// What tasks do; a pure function, so that it is the same on each node.
class program {
 public:
  virtual std::vector<step> script(const task_spec& task) const = 0;

 protected:
  ~program() = default;
};

/// What a task's result must be.
constexpr std::uint64_t value_of(const task_spec& task) noexcept { return (task.seed ^ task.id) * 0x9e3779b97f4a7c15U; }

}  // namespace torc::sim
