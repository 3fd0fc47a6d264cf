// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors
#pragma once

#include <string>
#include <vector>

namespace storm {

/// Lines about the tasks of the running program that have been submitted and have not ended. Thread-safe.
std::vector<std::string> open_tasks();

}  // namespace storm
