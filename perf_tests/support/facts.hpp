// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors

#pragma once

#include <string>
#include <utility>
#include <vector>

namespace perf {

/// What a reader of a figure must know about where it was measured: names and values, in the order to print them.
using facts = std::vector<std::pair<std::string, std::string>>;

/// The machine, the compiler and the rivals' versions.
facts machine_facts();

/// The number of cores that this process may use.
int usable_cores();

}  // namespace perf
