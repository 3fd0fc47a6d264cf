// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors
#pragma once

#include "unit_tests/storm/handle.hpp"

namespace storm {

inline constexpr const char* whole_job_limit = "storm";
inline constexpr const char* per_node_limit = "storm on each node";
torc::limit_units limit_of(const task_plan& plan);

/// Submits the task as its plan says, in the executor if there is one; no future if that throws as planned.
handle submit_task(task_index task, torc::executor* executor);

/// A callback has none.
handle follow_task(task_index task, const handle& source, const handle& victim);

}  // namespace storm
