// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors

// Named arguments and defaults: the argument of the task is a struct, filled by designated initialisers.

#include <cstdio>
#include <string>
#include <torc/torc.hpp>
#include <vector>

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

void run() {
  std::vector<torc::future<int(arguments)>> tasks;
  tasks.push_back(torc::submit(work, arguments{.x = 1, .y = 2}));
  tasks.push_back(torc::submit(work, arguments{.x = 1, .scale = 10}));
  tasks.push_back(torc::submit(work, arguments{.x = 1, .y = 2, .scale = 10}));
  torc::wait();
  for (const auto& task : tasks) {
    const arguments& a = task.input();
    std::printf("x=%d, y=%d, scale=%d: %d\n", a.x, a.y, a.scale, task.result());
  }
}

int usage(const std::string& argument) {
  const bool is_help = argument == "--help";
  std::fputs("usage: 11_named_arguments, without arguments: tasks whose arguments have names\n",
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
