// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors
#pragma once

#include "unit_tests/storm/handle.hpp"

namespace storm {

/// Cancels the task and checks what must hold when that has succeeded. Thread-safe.
bool cancel_task(task_index task, const handle& future);

/// By two threads at a time.
void cancel_by_two(task_index task, const handle& future);

}  // namespace storm
