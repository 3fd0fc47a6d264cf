// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors

// Each task has a callback: a task of its own that runs on the node of the submitter once the value is there.

#include <fmt/format.h>
#include <fmt/std.h>

#include <cstdio>
#include <thread>
#include <torc/torc.hpp>
#include <vector>

#include "command_line.hpp"

namespace {

int work(int x) {
  const int y = x * x;
  fmt::print("thread {}: work inp={}, out={} ... on node {}\n", std::this_thread::get_id(), x, y, torc::node_id());
  std::fflush(stdout);
  return y;
}

void callback(const torc::future<int>& task) {
  fmt::print("thread {}: callback with arg={}\n", std::this_thread::get_id(), task.result());
  std::fflush(stdout);
}

int run(int argc, char** argv) {
  examples::command_line line("Squares of 1 to 4 by tasks with callbacks.", "03_callback");
  if (const auto status = line.parse(argc, argv)) return *status;

  std::vector<torc::future<int(int)>> tasks;
  for (int i = 1; i <= 4; ++i) {
    tasks.push_back(torc::submit(work, i));
    tasks.back().add_done_callback(callback);
  }
  torc::wait();
  for (const auto& task : tasks) fmt::print("Received: {}^2={}\n", task.input(), task.result());
  return 0;
}

}  // namespace

int main(int argc, char** argv) {
  return torc::start(argc, argv, [&] { return run(argc, argv); });
}
