// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <deque>
#include <span>
#include <vector>

#include "backends/sim/ledger.hpp"
#include "backends/sim/program.hpp"
#include "core/base/unit_line.hpp"
#include "core/protocol/local_side.hpp"

namespace torc::sim {

struct execution;
struct fiber;

enum class outcome : std::uint8_t { none, value, failure, cancelled };

/// A task as its home knows it.
struct record {
  enum class place : std::uint8_t { queued, waiting, away, begun };
  task_spec task;
  execution* parent = nullptr;  ///< none: submitted from outside
  place where = place::queued;
  bool is_movable = false;
  std::uint64_t name = 0;  ///< while it is away
  outcome ended_as = outcome::none;
  bool was_to_be_cancelled = false;
  bool is_being_cancelled = false;     ///< the protocol was asked and has not answered
  std::vector<execution*> cancellers;  ///< that wait for that answer
};

/// A task in a queue: one of this node's own, or a guest.
struct queued_task {
  record* own = nullptr;
  std::uint64_t guest = 0;
  task_spec task;
  bool is_movable = false;
  bool is_stolen = false;
  std::int64_t units = 0;  ///< of its limit, that it has
};

/// A body that has begun.
struct execution {
  record* own = nullptr;
  std::uint64_t guest = 0;  ///< if it is not one's own
  task_spec task;
  std::vector<step> script;
  std::size_t next_step = 0;
  std::vector<record*> children;
  std::size_t num_left = 0;  ///< of its children
  bool is_waiting = false;   ///< for its children
  bool is_blocked = false;   ///< by a cancellation that is under way, or until its turn for an spmd
  enum class turn : std::uint8_t { none, wanted, granted, taken };
  turn spmd = turn::none;
  step spmd_body;
  std::size_t num_spmd_left = 0;  ///< bodies of the spmd under way
  bool has_returned = false;
  std::vector<std::uint64_t> broadcasts;  ///< to be forgotten
  std::int64_t units = 0;                 ///< of its limit, that it has
  std::size_t num_undeclared = 0;         ///< limits that it has declared and not all nodes know
  fiber* on = nullptr;
};

/// Bodies on one stack: each but the last waits, and the one above it is a child of it.
struct fiber {
  std::size_t runner = 0;
  std::vector<execution*> stack;
  bool is_suspended = false;
  bool has_lent = false;    ///< its slot, to tasks below device tasks
  bool wants_slot = false;  ///< to go on, and does not have it: others are on top of it
};

/// Who runs bodies.
struct runner_model {
  fiber* running = nullptr;
  std::deque<fiber*> ready;
  bool is_woken = false;  ///< will look for work soon
  bool is_idle() const noexcept { return running == nullptr && ready.empty(); }
};

/// Tasks for workers in the order in which they begin: those below a begun task first, newest first; the rest first in,
/// first out.
struct ranked_tasks {
  std::deque<queued_task> below;
  std::deque<queued_task> rest;
  std::size_t size() const noexcept { return below.size() + rest.size(); }
  void push(const queued_task& task) { (task.task.is_below_begun ? below : rest).push_back(task); }
};

struct worker_model : runner_model {
  std::deque<queued_task> nested;  ///< the newest at the back
};

/// A slot of a device with drivers. A body that computes there stands for one whose kernels run.
struct slot_model : runner_model {
  int space = 0;
  std::vector<fiber*> holders;  ///< the last one has it, the others have lent it
};

/// Tasks that wait for slots of one space, first in, first out; those below device tasks come first.
struct slot_tasks {
  std::deque<queued_task> below;
  std::deque<queued_task> others;
  std::size_t size() const noexcept { return below.size() + others.size(); }
};

/// A limit as a node knows it.
struct limit_model {
  bool is_per_node = false;
  std::int64_t num_in_use = 0;          ///< by bodies of this node
  base::unit_line<std::uint64_t> line;  ///< of each node's own: by ticket
};

// What travels.

inline std::vector<std::byte> encode(const task_spec& task) {
  std::vector<std::byte> bytes(sizeof task + task.payload_bytes, static_cast<std::byte>(task.seed));
  std::memcpy(bytes.data(), &task, sizeof task);
  return bytes;
}

inline task_spec decode(std::span<const std::byte> bytes) {
  task_spec task;
  demand(bytes.size() >= sizeof task, "a task arrived without all its bytes");
  std::memcpy(&task, bytes.data(), sizeof task);
  demand(bytes.size() == sizeof task + task.payload_bytes, "a task arrived with another length", task.id);
  for (const std::byte one : bytes.subspan(sizeof task))
    demand(one == static_cast<std::byte>(task.seed), "a task arrived damaged", task.id);
  return task;
}

inline std::vector<std::byte> encode_result(const task_spec& task) {
  const std::uint64_t value = value_of(task);
  std::vector<std::byte> bytes(sizeof value + task.result_bytes);
  std::memcpy(bytes.data(), &value, sizeof value);
  return bytes;
}

inline void check_result(const task_spec& task, std::span<const std::byte> bytes) {
  std::uint64_t value = 0;
  demand(bytes.size() == sizeof value + task.result_bytes, "a result has the wrong length", task.id);
  std::memcpy(&value, bytes.data(), sizeof value);
  demand(value == value_of(task), "a result has the wrong value", task.id);
}

}  // namespace torc::sim
