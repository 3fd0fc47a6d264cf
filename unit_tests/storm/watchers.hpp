// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors
#pragma once

#include <mutex>
#include <thread>
#include <vector>

#include "unit_tests/storm/handle.hpp"

namespace storm {

/// Threads of the program's own that wait for tasks: they hear of an end whatever holds the workers. Thread-safe but
/// for join.
class watcher_list {
 public:
  /// Notes it when the task's time is over.
  void watch(task_index task, const handle& future);
  /// Waits for all of them. All tasks have completed.
  void join();

 private:
  std::mutex m_mutex;
  std::vector<std::thread> m_threads;
};

/// Of this process.
watcher_list& watchers();

}  // namespace storm
