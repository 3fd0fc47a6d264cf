// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors

#pragma once

#include <map>
#include <string>
#include <vector>

namespace perf {

using findings = std::map<std::string, double>;

/// Runs this very program again with these arguments and reads the lines "name value" that it prints. What only a fresh
/// process can show (first touch of memory, its peak) is measured so. **Blocking.**
/// Throws std::runtime_error if the program fails.
findings probe(const std::vector<std::string>& arguments);

/// Prints findings as `probe` reads them.
void print(const findings& found);

}  // namespace perf
