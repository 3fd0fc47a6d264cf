// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors

#pragma once

#include <string>
#include <vector>

#include "support/facts.hpp"
#include "support/results.hpp"

namespace perf {

/// All that a report shows.
struct report {
  std::string program;
  facts about;
  results measured;
  std::string baseline;  ///< the rival whose ratio has a column of its own; empty: none
  std::vector<target> targets;
  std::vector<std::string> notes;
  std::vector<std::string> failures;  ///< wrong answers and exceptions
};

/// The table with medians, spread, ratios and targets.
std::string table(const report& from);

/// The same with every round's value, for programs to read.
std::string json(const report& from);

}  // namespace perf
