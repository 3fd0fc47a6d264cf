// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors

// An executor as in Python's concurrent.futures: its scope waits for its own tasks, and it can be opened again.

#include <cstdio>
#include <numeric>
#include <string>
#include <torc/torc.hpp>
#include <vector>

namespace {

int work(int x) { return x * x; }

void print(const std::vector<int>& list) {
  for (std::size_t i = 0; i < list.size(); ++i) std::printf("%s%d", i == 0 ? "[" : ", ", list[i]);
  std::puts("]");
}

void run() {
  std::vector<int> data(10);
  std::iota(data.begin(), data.end(), 0);
  {
    torc::executor executor;
    std::vector<torc::future<int(int)>> tasks;
    for (const int x : data) tasks.push_back(executor.submit(work, x));
    for (const auto& task : torc::as_completed(tasks)) std::printf("Received: %d^2=%d\n", task.input(), task.result());
  }
  {
    torc::executor executor;
    print(executor.map(work, data));
  }
}

int usage(const std::string& argument) {
  const bool is_help = argument == "--help";
  std::fputs(
      "usage: 10_context, without arguments: the squares of 0 to 9, as they complete and by map, in two executors\n",
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
