// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors

// Named arguments and defaults: the argument of the task is a struct, filled by designated initialisers.

#include <fmt/format.h>

#include <torc/torc.hpp>
#include <vector>

#include "command_line.hpp"

namespace {

struct arguments {
  int x = 0;
  int y = 0;
  int scale = 1;

  template <class Archive>
  void serialize(Archive& archive) {
    archive(x, y, scale);
  }
};

int work(const arguments& a) { return a.scale * (a.x + a.y); }

int run(int argc, char** argv) {
  examples::command_line line("Tasks whose arguments have names.", "11_named_arguments");
  if (const auto status = line.parse(argc, argv)) return *status;

  std::vector<torc::future<int(arguments)>> tasks;
  tasks.push_back(torc::submit(work, arguments{.x = 1, .y = 2}));
  tasks.push_back(torc::submit(work, arguments{.x = 1, .scale = 10}));
  tasks.push_back(torc::submit(work, arguments{.x = 1, .y = 2, .scale = 10}));
  torc::wait();
  for (const auto& task : tasks) {
    const arguments& a = task.input();
    fmt::print("x={}, y={}, scale={}: {}\n", a.x, a.y, a.scale, task.result());
  }
  return 0;
}

}  // namespace

int main(int argc, char** argv) {
  return torc::start(argc, argv, [&] { return run(argc, argv); });
}
