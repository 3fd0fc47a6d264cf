// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors

// Each task has a callback: a task of its own that runs on the node of the submitter once the value is there.

#include <cstdio>
#include <iostream>
#include <string>
#include <syncstream>
#include <thread>
#include <torc/torc.hpp>
#include <vector>

namespace {

int work(int x) {
  const int y = x * x;
  std::osyncstream(std::cout) << "thread " << std::this_thread::get_id() << ": work inp=" << x << ", out=" << y
                              << " ... on node " << torc::node_id() << std::endl;
  return y;
}

void callback(const torc::future<int>& task) {
  std::osyncstream(std::cout) << "thread " << std::this_thread::get_id() << ": callback with arg=" << task.result()
                              << std::endl;
}

void run() {
  std::vector<torc::future<int(int)>> tasks;
  for (int i = 1; i <= 4; ++i) {
    tasks.push_back(torc::submit(work, i));
    tasks.back().add_done_callback(callback);
  }
  torc::wait();
  for (const auto& task : tasks) std::printf("Received: %d^2=%d\n", task.input(), task.result());
}

int usage(const std::string& argument) {
  const bool is_help = argument == "--help";
  std::fputs("usage: 03_callback, without arguments: the squares of 1 to 4 by tasks with callbacks\n",
             is_help ? stdout : stderr);
  return is_help ? 0 : 2;
}

}  // namespace

int main(int argc, char** argv) {
  return torc::start(argc, argv, [&] {
    if (argc > 1) return usage(argv[1]);
    run();
    return 0;
  });
}
