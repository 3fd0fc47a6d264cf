// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors
#pragma once

#include <cstddef>

namespace torc::report {

/// Lets what crashes, and checks that fail, tell of the task and the thread in which that was. `stack_bytes`: of a
/// task.
void name_tasks_in_faults(std::size_t stack_bytes);

}  // namespace torc::report
