// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors

// The same squares as 01_submit_wait by a parallel map, which returns them in the order of its input.

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
  const std::vector<int> results = torc::map(work, data);
  print(results);
}

int usage(const std::string& argument) {
  const bool is_help = argument == "--help";
  std::fputs("usage: 02_map, without arguments: the squares of 0 to 9 by map\n", is_help ? stdout : stderr);
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
