// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors

// Submits ten tasks, waits for all of them and prints their results.

#include <fmt/format.h>

#include <torc/torc.hpp>
#include <vector>

#include "command_line.hpp"

namespace {

int work(int x) { return x * x; }

int run(int argc, char** argv) {
  examples::command_line line("Squares of 0 to 9 by submit and wait.", "01_submit_wait");
  if (const auto status = line.parse(argc, argv)) return *status;

  std::vector<torc::future<int>> tasks;
  for (int i = 0; i < 10; ++i) tasks.push_back(torc::submit(work, i));
  torc::wait();
  for (const auto& task : tasks) fmt::print("{}\n", task.result());
  return 0;
}

}  // namespace

int main(int argc, char** argv) {
  return torc::start(argc, argv, [&] { return run(argc, argv); });
}
