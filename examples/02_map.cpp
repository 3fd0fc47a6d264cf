// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors

// The same squares as 01_submit_wait by a parallel map, which returns them in the order of its input.

#include <fmt/ranges.h>

#include <numeric>
#include <torc/torc.hpp>
#include <vector>

#include "command_line.hpp"

namespace {

int work(int x) { return x * x; }

int run(int argc, char** argv) {
  examples::command_line line("Squares of 0 to 9 by map.", "02_map");
  if (const auto status = line.parse(argc, argv)) return *status;

  std::vector<int> data(10);
  std::iota(data.begin(), data.end(), 0);
  const std::vector<int> results = torc::map(work, data);
  fmt::print("{}\n", results);
  return 0;
}

}  // namespace

int main(int argc, char** argv) {
  return torc::start(argc, argv, [&] { return run(argc, argv); });
}
