// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors
#pragma once

#include <torc/detail/entry.hpp>
#include <torc/detail/task.hpp>

#include <type_traits>
#include <utility>

namespace torc::detail {

template <class Task>
struct made_task {
  Task* task;
  record* parent;
};

/// A record that is not queued yet. Throws what allocation or copying the arguments throws, and then nothing is left
/// behind.
template <class Task, class... Given>
made_task<Task> make_task(std::uint16_t flags, Given&&... given) {
  constexpr std::uint8_t size_class = size_class_of(sizeof(Task));
  const allocation memory = allocate_task(size_class, sizeof(Task));
  if constexpr (std::is_nothrow_constructible_v<Task, std::uint16_t, Given...>) {
    return {::new (memory.block) Task(flags, std::forward<Given>(given)...), memory.parent};
  } else {
    try {
      return {::new (memory.block) Task(flags, std::forward<Given>(given)...), memory.parent};
    } catch (...) {
      free_block(memory.block, size_class);
      throw;
    }
  }
}

/// Destroys a record that the runtime did not take.
inline void unmake_task(record& task) noexcept {
  const std::uint8_t size_class = task.size_class;
  if (task.extras != nullptr) free_extras(task);
  destroy_members(task);
  free_block(&task, size_class);
}

/// Hands a new record to the runtime by `queue()`, or destroys it when that throws.
template <class Queue>
void queue_or_unmake(record& task, Queue queue) {
  try {
    queue();
  } catch (...) {
    unmake_task(task);
    throw;
  }
}

/// Record type of a home-bound function without parameters.
template <class F>
using home_task = task_record<false, F, type_list<>, result_of<F, type_list<>>>;

}  // namespace torc::detail
