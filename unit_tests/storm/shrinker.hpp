// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors
#pragma once

#include <string>

#include "unit_tests/storm/command_line.hpp"

namespace storm {

/// Drops operations of the first program as long as running it still goes wrong, and prints what is left and the
/// command for it. Runs the program many times, each in a job of its own. Returns a status.
int shrink(const command_line& given, const std::string& program);

}  // namespace storm
