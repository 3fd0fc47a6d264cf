// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors

// Four tasks of one second each: one worker needs four seconds, two need two, four need one, wherever they are.

#include <fmt/format.h>
#include <fmt/std.h>

#include <chrono>
#include <cstdio>
#include <thread>
#include <torc/torc.hpp>
#include <vector>

#include "command_line.hpp"

namespace {

double work(double x, double seconds) {
  std::this_thread::sleep_for(std::chrono::duration<double>(seconds));
  const double y = x * x;
  fmt::print("work inp={:.3f}, out={:.3f} ...on node {} worker {} thread {}\n", x, y, torc::node_id(),
             torc::worker_id(), std::this_thread::get_id());
  std::fflush(stdout);
  return y;
}

int run(int argc, char** argv) {
  double seconds = 1;
  examples::command_line line("Squares of 1 to 4 by tasks that take a while.", "00_masterworker");
  line.add("--seconds", seconds, "that a task takes", {0.0, 3600.0});
  if (const auto status = line.parse(argc, argv)) return *status;

  const double start = torc::gettime();
  std::vector<torc::future<double(double, double)>> tasks;
  for (int i = 1; i <= 4; ++i) tasks.push_back(torc::submit(work, i, seconds));
  torc::wait();
  const double end = torc::gettime();

  for (const auto& task : tasks) fmt::print("Received: sqrt({})={:.3f}\n", std::get<0>(task.input()), task.result());
  fmt::print("Elapsed time={:.2f} s\n", end - start);
  return 0;
}

}  // namespace

int main(int argc, char** argv) {
  return torc::start(argc, argv, [&] { return run(argc, argv); });
}
