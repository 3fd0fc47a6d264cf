// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors

#include "support/command_line.hpp"

namespace perf {

void command_line::add_without_workers_to(examples::command_line& line) {
  line.add_flag("--quick", quick, "small sizes and few rounds: shows that all runs and is right, not how fast");
  line.add("--rounds", rounds, "how often each contender is measured, in turn with the others", {1, 1000});
  line.add("--json", json, "write the table with every round's value to this file too");
  line.add("--filter", filter, "run only contenders whose name matches this regular expression");
}

void command_line::add_to(examples::command_line& line) {
  add_without_workers_to(line);
  line.add("--workers", workers, "the numbers of workers to measure with, such as 1,2", {1, 1024});
}

}  // namespace perf
