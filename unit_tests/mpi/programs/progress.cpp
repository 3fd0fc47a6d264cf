// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors
#include <cstdio>
#include <stdexcept>
#include <string>
#include <torc/torc.hpp>

#include "unit_tests/terminal.hpp"

/// A job on a terminal, which ends once that has shown what all nodes have done: a task for each worker, two of them
/// failing.
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
    screen.wait_for(std::to_string(n) + " of " + std::to_string(n) + " tasks done, 0 running, 0 queued, 2 failed");
  });
  std::fputs(screen.end().c_str(), stderr);
  return status;
}
