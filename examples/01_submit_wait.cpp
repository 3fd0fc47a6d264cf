// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors

// Submits ten tasks, waits for all of them and prints their results.

#include <cstdio>
#include <string>
#include <torc/torc.hpp>
#include <vector>

namespace {

int work(int x) { return x * x; }

void run() {
  std::vector<torc::future<int>> tasks;
  for (int i = 0; i < 10; ++i) tasks.push_back(torc::submit(work, i));
  torc::wait();
  for (const auto& task : tasks) std::printf("%d\n", task.result());
}

int usage(const std::string& argument) {
  const bool is_help = argument == "--help";
  std::fputs("usage: 01_submit_wait, without arguments: the squares of 0 to 9 by submit and wait\n",
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
