// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors
#pragma once

#include <string_view>

#include "core/task/failures.hpp"

namespace torc::report {

/// Prints the failures that nobody has looked at, and has them looked at; `where` begins each line. False if there is
/// none.
bool report_failures(task::failure_list& failures, std::string_view where);

}  // namespace torc::report
