// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors
#pragma once

#include <cstdint>
#include <string>

#include "unit_tests/storm/handle.hpp"

/// How tasks end, and whether they may end so.
namespace storm {

enum class ending : std::uint8_t { value, cancelled, timeout, failure };

struct outcome {
  ending how = ending::value;
  std::uint64_t number = 0;  ///< the value
  std::string text;          ///< of the failure
};

/// What is being handled.
outcome outcome_of_exception();

/// Waits for the task's end.
template <class R>
outcome outcome_of(const torc::future<R>& future) {
  try {
    const std::uint64_t number = number_in(future);
    return {ending::value, number, {}};
  } catch (...) {
    outcome found = outcome_of_exception();
    if (future.cancelled()) found.how = ending::cancelled;
    return found;
  }
}

/// Complains if the task may not end so; notes that it has.
void check_outcome(task_index task, const outcome& found);

/// Complains if anything of the task, or below it, has not ended: for a task that is said to have completed.
void check_over(task_index task);

}  // namespace storm
