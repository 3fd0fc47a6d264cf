// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors
#pragma once

#include <torc/options.hpp>

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

/// A random program: a tree of tasks, each with a list of operations on its children. It follows from the seed and the
/// number of ranks, so every rank knows all of it.
namespace storm {

/// Names a task of the program; 0 is the primary one.
using task_index = std::uint32_t;
inline constexpr task_index no_task = ~task_index{0};

/// What arguments and results a task has, and how it comes to be.
enum class task_kind : std::uint8_t {
  nothing,       ///< returns void
  number,        ///< returns a number
  big,           ///< takes and returns a vector
  moved,         ///< takes and returns what can only be moved
  fragile,       ///< takes and returns what may fail on its way
  reader,        ///< takes a broadcast value
  on_device,     ///< runs on a stand-in for a device
  anywhere,      ///< runs on such a device or on a worker
  element,       ///< of a map
  spmd_body,     ///< runs once on each node
  continuation,  ///< made by then
  callback,      ///< made by add_done_callback
};

/// How a body ends.
enum class fate : std::uint8_t {
  value,
  failure,          ///< throws a standard exception
  strange_failure,  ///< throws a type that no other node knows
  after_retries,    ///< throws, but not the last time
  past_timeout,     ///< goes on until it is told to stop
  beyond_timeout,   ///< goes on until a thread at its home knows that its time is over
};

/// What goes wrong with the value that a fragile task takes or returns.
enum class trouble : std::uint8_t {
  none,
  copy_throws,  ///< so it is never submitted
  save_throws,
  load_throws,
  save_is_slow,
  load_is_slow,
  load_waits,    ///< for a task that it submits
  load_forgets,  ///< leaves bytes over
  dies_slowly,   ///< so whoever frees a task is held up, and those that wait behind it
};
inline constexpr std::uint32_t num_troubles = static_cast<std::uint32_t>(trouble::dies_slowly) + 1;

/// Of the limits of a program a task takes units of one at most.
enum class limit_kind : std::uint8_t { none, whole_job, per_node };

struct task_options_plan {
  bool has_any = false;
  int worker = -1;
  bool pinned = false;
  std::optional<double> priority;
  int cores = 1;
  limit_kind limit = limit_kind::none;
  int units = 0;  ///< of it
  bool has_long_timeout = false;
  bool has_name = false;
};

struct task_plan {
  task_index parent = no_task;
  task_kind kind = task_kind::number;
  fate end = fate::value;
  trouble with = trouble::none;
  bool trouble_in_result = false;
  bool is_local = false;      ///< in torc::local
  bool is_outside = false;    ///< submitted by a thread that runs no task
  bool is_dropped = false;    ///< nobody keeps its future
  bool is_cancelled = false;  ///< some operation tries to
  bool is_optional = false;   ///< whether it is submitted depends on what the others do
  task_options_plan options;
  task_index source = no_task;      ///< of a continuation or callback
  bool takes_value = false;         ///< a continuation that is not called with a failure
  task_index victim = no_task;      ///< that a callback cancels
  std::uint32_t size = 0;           ///< of its values, in words; for a failing spmd the rank that throws
  std::uint32_t introduced_by = 0;  ///< id of the operation that submits it
  std::uint32_t first_operation = 0;
  std::uint32_t num_operations = 0;
  std::uint32_t num_below = 0;  ///< tasks

  bool is_reachable = true;  ///< its submission has not been dropped
  std::uint64_t value = 0;   ///< what a serial evaluation gives, if it gives any
};

enum class op_kind : std::uint8_t {
  submit,          ///< the task
  submit_outside,  ///< tasks, by a thread that runs none
  run_executor,    ///< tasks, in an executor; `how`: wait, shut down, leave
  map,             ///< tasks as elements; `how`: map_how, `number`: chunk size
  run_spmd,        ///< the task as its body
  broadcast,       ///< a value to tasks; the handle dies at once
  follow,          ///< the task as a continuation or callback
  cancel,          ///< the task; `how`: once, twice, two threads
  cancel_rest,     ///< cancels all; `how`: once one has completed, by a thread while it waits for all
  wait_children,
  wait_list,     ///< `how`: return_when, `number`: wait_time
  as_completed,  ///< `how`: has time, has little time; `number`: how many are looked at
  settle,        ///< result of the task; `how`: result, exception with little time before, polling
  when_all,
  switch_stealing,  ///< `how`: off, on
  pause,            ///< `how`: spin, yield, sleep; `number`: microseconds
  recurse_refused,  ///< calls what is refused here: an spmd below another, a wait in a range
};
inline constexpr int num_op_kinds = static_cast<int>(op_kind::recurse_refused) + 1;

enum class map_how : std::uint8_t {
  plain,
  two_ranges,
  lazy,
  lazy_submits,
  lazy_throws,
  lazy_waits,
  in_executor,
  on_devices,
};
inline constexpr std::uint32_t num_map_hows = static_cast<std::uint32_t>(map_how::on_devices) + 1;
enum class wait_time : std::uint8_t { forever, none, short_while };

struct operation {
  op_kind kind = op_kind::pause;
  std::uint8_t how = 0;
  std::uint32_t number = 0;
  task_index first = no_task;  ///< the tasks that it is about
  std::uint32_t count = 0;
  std::uint32_t id = 0;  ///< the same whichever others are dropped
};

/// A session, and what runs in it.
struct program {
  std::uint64_t seed = 0;
  int num_ranks = 1;
  std::vector<int> workers;  ///< by rank
  torc::options options;     ///< but for the workers
  int limit_capacity = 1;    ///< of the limit that the whole job has
  int node_capacity = 1;     ///< and of the one that each node has
  bool is_flock = false;  ///< many tasks of the primary one's with tasks below them, which nothing keeps from running
  std::vector<task_plan> tasks;
  std::vector<operation> operations;
  std::uint32_t num_ids = 0;  ///< of operations, dropped ones too

  int num_workers() const noexcept;
  std::span<const operation> operations_of(task_index task) const {
    return std::span(operations).subspan(tasks[task].first_operation, tasks[task].num_operations);
  }
};

/// The most tasks of the primary one's that may be open at a time; 0 if that has no bound here.
std::uint32_t most_open(const program& of);
/// Whether the task ends with its value, whatever the others do.
bool is_sure(const program& of, task_index task);
/// Whether its body is run, whatever the others do.
bool surely_runs(const program& of, task_index task);
/// How often a body begins that is not cancelled.
std::uint32_t expected_runs(const program& of, task_index task);
/// Whether the operation makes tasks whose values count.
bool submits(op_kind kind) noexcept;
/// Whether a map has values.
bool succeeds(const program& of, const operation& map);
/// Whether whoever submits the task uses its value.
bool contributes(const program& of, task_index task);
/// Keeps only these operations (all, if there are none), and of the tasks those that are then submitted; sets what
/// follows from that.
void finish(program& made, const std::vector<std::uint32_t>& kept_operations);

inline constexpr std::uint32_t retries = 2;

/// How values are made of values: part of what both the program and its serial evaluation do.
constexpr std::uint64_t fold(std::uint64_t before, std::uint64_t value) noexcept {
  before ^= value + 0x9e3779b97f4a7c15U + (before << 6U) + (before >> 2U);
  return before * 0xff51afd7ed558ccdU;
}
constexpr std::uint64_t own_value(const program& of, task_index task) noexcept { return fold(of.seed, task); }

/// The value of a task, from those that it asks others for.
template <class ValueOf>
std::uint64_t combine(const program& of, task_index task, ValueOf value_of) {
  const task_plan& plan = of.tasks[task];
  std::uint64_t value = own_value(of, task);
  for (const operation& op : of.operations_of(task)) {
    if (op.kind == op_kind::run_spmd && of.tasks[op.first].end == fate::value) value = fold(value, value_of(op.first));
    if (!submits(op.kind) || (op.kind == op_kind::map && !succeeds(of, op))) continue;
    for (task_index i = op.first; i < op.first + op.count; ++i)
      if (contributes(of, i)) value = fold(value, value_of(i));
  }
  return plan.takes_value ? fold(value, value_of(plan.source)) : value;
}

/// For people.
std::string describe(const program& of, task_index task);
std::string describe(const program& of, const operation& op);
std::string describe(const program& all);

}  // namespace storm
