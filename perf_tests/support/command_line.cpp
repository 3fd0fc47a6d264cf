// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors

#include "support/command_line.hpp"

namespace perf {

void command_line::add_without_workers_to(CLI::App& app) {
  app.add_flag("--quick", quick, "small sizes and few rounds: shows that all runs and is right, not how fast");
  app.add_option("--rounds", rounds, "how often each contender is measured, in turn with the others")
      ->check(CLI::Range(1, 1000));
  app.add_option("--json", json, "write the table with every round's value to this file too");
  app.add_option("--filter", filter, "run only contenders whose name matches this regular expression");
}

void command_line::add_to(CLI::App& app) {
  add_without_workers_to(app);
  app.add_option("--workers", workers, "the numbers of workers to measure with, such as 1,2")
      ->delimiter(',')
      ->check(CLI::Range(1, 1024))
      ->capture_default_str();
}

}  // namespace perf
