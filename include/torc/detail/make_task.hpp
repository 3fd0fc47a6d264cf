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
  record* parent;  ///< see allocation
};

/// A record in a block of its size, which is freed if the constructor throws.
template <class Task, class... Given>
Task* make_task_at(void* block, std::uint16_t flags, Given&&... given) {
  if constexpr (std::is_nothrow_constructible_v<Task, std::uint16_t, Given...>) {
    return ::new (block) Task(flags, std::forward<Given>(given)...);
  } else {
    try {
      return ::new (block) Task(flags, std::forward<Given>(given)...);
    } catch (...) {
      free_block(block, size_class_of(sizeof(Task)));
      throw;
    }
  }
}

/// A record that is not queued yet. Throws what allocation or copying the arguments throws, and then nothing is left
/// behind.
template <class Task, class... Given>
made_task<Task> make_task(std::uint16_t flags, Given&&... given) {
  const allocation memory = allocate_task(size_class_of(sizeof(Task)), sizeof(Task));
  return {make_task_at<Task>(memory.block, flags, std::forward<Given>(given)...), memory.parent};
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
