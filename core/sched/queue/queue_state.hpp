// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "core/task/extras.hpp"

namespace torc::sched {

// What those that keep tasks waiting tell of them, in reports.

/// Is told of some of the tasks that wait in a place, while they cannot leave it.
using task_noter = std::function<void(const detail::record&)>;
/// Of so many in a place: a long queue is not held up for as long as it takes to pass all of it.
constexpr std::size_t most_noted = 1000;

/// Tasks that wait in one place.
struct queue_state {
  bool is_known = true;  ///< else another thread held its lock all the time
  std::size_t size = 0;
  static constexpr std::size_t most_named = 3;
  std::vector<task::naming> first;  ///< of some, the oldest first
};

struct slots_state {
  int space = 0;
  bool is_known = true;
  std::int64_t num_free = 0;
  int num_taken = 0;
  int num_lent = 0;  ///< of the taken ones: their tasks wait
  queue_state waiting;
};

struct limit_state {
  std::string name;
  std::int64_t capacity = 0;
  bool is_of_job = false;   ///< counted by node 0 for all nodes
  std::int64_t in_use = 0;  ///< units; or tasks of this node that have theirs, if it is the job's
  queue_state waiting;
};

struct gang_state {
  task::naming task;
  int cores = 1;
  int joined = 0;
};

}  // namespace torc::sched
