// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors
#include <cstdio>
#include <ranges>
#include <stdexcept>
#include <string>
#include <torc/torc.hpp>
#include <vector>

#include "unit_tests/terminal.hpp"

/// A job on a terminal, which ends once that has shown what all nodes have done: a task for each worker, two of them
/// failing, and three of a map on the last node, two of which give failures as values.
namespace {

void run(int i) {
  if (i < 2) throw std::runtime_error("no");
}

}  // namespace

int main(int argc, char** argv) {
  tests::terminal screen;
  const int status = torc::start(argc, argv, [&] {
    std::vector<torc::future<void>> all;
    const int n = torc::num_workers();
    for (int i = 0; i < n; ++i) all.push_back(torc::submit({.worker = n - 1 - i, .pinned = true}, run, i));
    torc::wait();
    for (auto& one : all) one.exception();
    torc::map({.worker = n - 1, .pinned = true}, torc::as_expected, run, std::views::iota(0, 3));
    const std::string done = std::to_string(n + 3);
    screen.wait_for(done + " of " + done + " tasks done, 0 running, 0 queued, 4 failed");
  });
  std::fputs(screen.end().c_str(), stderr);
  return status;
}
