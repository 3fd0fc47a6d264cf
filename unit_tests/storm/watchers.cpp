// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors
#include "unit_tests/storm/watchers.hpp"

#include "unit_tests/storm/outcome.hpp"
#include "unit_tests/storm/stage.hpp"

namespace storm {

void watcher_list::watch(task_index task, const handle& future) {
  const std::scoped_lock lock(m_mutex);
  m_threads.emplace_back([task, future] {
    with_future(future, [&](const auto& f) {
      if (outcome_of(f).how == ending::timeout) book().at(task).is_timed_out = 1;
    });
  });
}

void watcher_list::join() {
  for (std::thread& thread : m_threads) thread.join();
  m_threads.clear();
}

watcher_list& watchers() {
  static watcher_list only;
  return only;
}

}  // namespace storm
