// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors
#pragma once

#include <torc/detail/record.hpp>

#include <cstddef>
#include <mutex>
#include <span>
#include <unordered_map>
#include <vector>

namespace torc::sched {

/// Tasks that the primary one, or a thread without a task, has made to go on from others: by the sources that are not
/// done. Who waits for such a task waits for its sources, and for theirs. Thread-safe.
///
/// A source stands here until it has been told that it is done, which it waits for with its completion: so what is
/// found under the lock is there. A continuation stands here until it is queued, or its sources have been looked up:
/// nothing is added to these, so a second look would tell nothing new.
class continuations {
 public:
  /// Before it is among the waiters of its sources, of which the caller has references.
  void add(const detail::record& task, std::span<detail::record* const> sources);
  /// The source of this index is done, as far as this task is concerned.
  void source_is_done(const detail::record& task, std::size_t index) noexcept;
  /// It is about to be queued.
  void remove(const detail::record& task) noexcept;

  /// Calls `found` under the lock with each of the tasks, the sources of those that are continuations, and so on: with
  /// each source once for each continuation of it.
  template <class Function>
  void for_each_source(std::span<detail::record* const> tasks, Function found) {
    const std::scoped_lock lock(m_mutex);
    // No recursion: a chain of continuations may be longer than a stack.
    std::vector<detail::record*> left(tasks.begin(), tasks.end());
    while (!left.empty()) {
      detail::record* const next = left.back();
      left.pop_back();
      found(*next);
      if (m_sources.empty()) continue;
      const auto known = m_sources.find(next);
      if (known == m_sources.end()) continue;
      for (detail::record* const source : known->second) {
        if (source != nullptr) left.push_back(source);
      }
      m_sources.erase(known);
    }
  }

 private:
  std::mutex m_mutex;
  std::unordered_map<const detail::record*, std::vector<detail::record*>> m_sources;  ///< null: done; guarded
};

}  // namespace torc::sched
