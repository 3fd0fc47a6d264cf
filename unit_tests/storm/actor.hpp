// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors
#pragma once

#include <cstdint>
#include <unordered_map>
#include <vector>

#include "unit_tests/storm/handle.hpp"
#include "unit_tests/storm/outcome.hpp"
#include "unit_tests/storm/program.hpp"

namespace storm {

/// Plays the part of one task: goes through its operations and checks at each what torc promises.
class actor {
 public:
  actor(task_index task, std::uint64_t source_value);

  /// The task's value.
  std::uint64_t play();

 private:
  struct child {
    task_index task = no_task;
    handle future;
    bool is_awaited = false;  ///< by wait()
    bool is_settled = false;
  };
  void perform(const operation& op);
  void submit(task_index task, torc::executor* executor = nullptr);
  void submit_outside(const operation& op);
  void run_executor(const operation& op);
  void broadcast(const operation& op);
  void follow(const operation& op);
  void cancel(const operation& op);
  void cancel_rest(const operation& op);
  void wait_children();
  void wait_list(const operation& op);
  void as_completed(const operation& op);
  void meet_in_one();
  void settle(child& c, int how);
  void map(const operation& op);
  void run_spmd(const operation& op);

  child* find(task_index task);
  template <class R>
  std::vector<torc::future<R>> futures_of() const {
    std::vector<torc::future<R>> found;
    for (const child& c : m_children)
      if (const auto* future = std::get_if<torc::future<R>>(&c.future); future != nullptr) found.push_back(*future);
    return found;
  }
  template <class R>
  void wait_for_these(const operation& op);
  template <class R>
  void take_as_completed(std::size_t most, torc::time_span longest);
  template <class Range>
  void map_range(const operation& op, Range&& range);
  void note_map(const operation& op, const std::vector<std::uint64_t>& values);
  void note_failed_map(const operation& op, const outcome& found);

  const task_index m_task;
  const std::uint64_t m_source_value;
  std::vector<child> m_children;
  std::unordered_map<task_index, std::uint64_t> m_values;
};

}  // namespace storm
