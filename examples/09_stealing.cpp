// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors

// All tasks are placed on the second node; the others, who have nothing to do, steal from it.

#include <fmt/format.h>

#include <chrono>
#include <cstdio>
#include <thread>
#include <torc/torc.hpp>
#include <vector>

#include "command_line.hpp"

namespace {

int work(int x, double seconds) {
  std::this_thread::sleep_for(std::chrono::duration<double>(seconds));
  const int y = x * x;
  fmt::print("taskfun inp={}, out={} ...on node {}\n", x, y, torc::node_id());
  std::fflush(stdout);
  return y;
}

int run(int argc, char** argv) {
  double seconds = 1;
  examples::command_line line("Squares of 1 to 16 by tasks that idle nodes steal.", "09_stealing");
  line.add("--seconds", seconds, "that a task takes", {0.0, 3600.0});
  if (const auto status = line.parse(argc, argv)) return *status;
  if (torc::num_nodes() < 2) {
    fmt::print("This examples needs at least two MPI processes. Exiting...\n");
    return 0;
  }
  if (torc::num_local_workers() > 1) {
    fmt::print("This examples should use one worker thread per MPI process. Exiting...\n");
    return 0;
  }

  const double start = torc::gettime();
  std::vector<torc::future<int(int, double)>> tasks;
  for (int i = 1; i <= 16; ++i) tasks.push_back(torc::submit({.worker = 1}, work, i, seconds));
  torc::enable_stealing();
  torc::wait();
  const double end = torc::gettime();
  torc::disable_stealing();

  for (const auto& task : tasks) fmt::print("Received: {}^2={}\n", std::get<0>(task.input()), task.result());
  fmt::print("Elapsed time={:.2f} s\n", end - start);
  return 0;
}

}  // namespace

int main(int argc, char** argv) {
  return torc::start(argc, argv, [&] { return run(argc, argv); });
}
