// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors

// A reduction by callbacks. They all run on the node that submitted the tasks, so they may share a variable there; it
// is atomic because that node may have several workers.

#include <fmt/format.h>

#include <atomic>
#include <torc/torc.hpp>

#include "command_line.hpp"

namespace {

int work(int x) { return x * x; }

int run(int argc, char** argv) {
  examples::command_line line("Sums the squares of 0 to 9 by callbacks.", "06_callback_reduction");
  if (const auto status = line.parse(argc, argv)) return *status;

  std::atomic<int> sum = 0;
  for (int i = 0; i < 10; ++i)
    torc::submit(work, i).add_done_callback([&sum](const torc::future<int>& task) { sum += task.result(); });
  torc::wait();
  fmt::print("Sum= {}\n", sum.load());
  return 0;
}

}  // namespace

int main(int argc, char** argv) {
  return torc::start(argc, argv, [&] { return run(argc, argv); });
}
