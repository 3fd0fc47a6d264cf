// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors

// A reduction by callbacks. They all run on the node that submitted the tasks, so they may share a variable there; it
// is atomic because that node may have several workers.

#include <atomic>
#include <cstdio>
#include <string>
#include <torc/torc.hpp>

namespace {

int work(int x) { return x * x; }

void run() {
  std::atomic<int> sum = 0;
  for (int i = 0; i < 10; ++i)
    torc::submit(work, i).add_done_callback([&sum](const torc::future<int>& task) { sum += task.result(); });
  torc::wait();
  std::printf("Sum= %d\n", sum.load());
}

int usage(const std::string& argument) {
  const bool is_help = argument == "--help";
  std::fputs("usage: 06_callback_reduction, without arguments: sums the squares of 0 to 9 by callbacks\n",
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
