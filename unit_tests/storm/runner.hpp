// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors
#pragma once

#include <string>

#include "unit_tests/storm/command_line.hpp"

namespace storm {

/// Runs the programs, each in a session of its own. **Collective** over the ranks of the job. Returns a status, the
/// same everywhere.
int run_all(const command_line& given, const std::string& program_path);

}  // namespace storm
