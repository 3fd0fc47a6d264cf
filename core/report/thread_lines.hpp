// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors
#pragma once

#include <string>
#include <vector>

#include "core/sched/state.hpp"

namespace torc::report {

/// What a report tells of a node's threads and queues, as lines without an end.
std::vector<std::string> thread_lines(const sched::state& found);

}  // namespace torc::report
