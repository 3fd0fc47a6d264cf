// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors

// An executor as in Python's concurrent.futures: its scope waits for its own tasks, and it can be opened again.

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <numeric>
#include <torc/torc.hpp>
#include <vector>

#include "command_line.hpp"

namespace {

int work(int x) { return x * x; }

int run(int argc, char** argv) {
  examples::command_line line("Squares of 0 to 9, as they complete and by map, in two executors.", "10_context");
  if (const auto status = line.parse(argc, argv)) return *status;

  std::vector<int> data(10);
  std::iota(data.begin(), data.end(), 0);
  {
    torc::executor executor;
    std::vector<torc::future<int(int)>> tasks;
    for (const int x : data) tasks.push_back(executor.submit(work, x));
    for (const auto& task : torc::as_completed(tasks)) fmt::print("Received: {}^2={}\n", task.input(), task.result());
  }
  {
    torc::executor executor;
    fmt::print("{}\n", executor.map(work, data));
  }
  return 0;
}

}  // namespace

int main(int argc, char** argv) {
  return torc::start(argc, argv, [&] { return run(argc, argv); });
}
