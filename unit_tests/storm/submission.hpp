// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors
#pragma once

#include "unit_tests/storm/handle.hpp"

namespace storm {

/// Submits the task as its plan says, in the executor if there is one; no future if that throws as planned.
handle submit_task(task_index task, torc::executor* executor);

/// A callback has none.
handle follow_task(task_index task, const handle& source, const handle& victim);

}  // namespace storm
