// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors

// All tasks are placed on the second node; the others, who have nothing to do, steal from it.

#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <optional>
#include <string_view>
#include <thread>
#include <torc/torc.hpp>
#include <vector>

namespace {

int work(int x, double seconds) {
  std::this_thread::sleep_for(std::chrono::duration<double>(seconds));
  const int y = x * x;
  std::printf("taskfun inp=%d, out=%d ...on node %d\n", x, y, torc::node_id());
  std::fflush(stdout);
  return y;
}

int run(double seconds) {
  if (torc::num_nodes() < 2) {
    std::puts("This examples needs at least two MPI processes. Exiting...");
    return 0;
  }
  if (torc::num_local_workers() > 1) {
    std::puts("This examples should use one worker thread per MPI process. Exiting...");
    return 0;
  }

  const double start = torc::gettime();
  std::vector<torc::future<int(int, double)>> tasks;
  for (int i = 1; i <= 16; ++i) tasks.push_back(torc::submit({.worker = 1}, work, i, seconds));
  torc::enable_stealing();
  torc::wait();
  const double end = torc::gettime();
  torc::disable_stealing();

  for (const auto& task : tasks) std::printf("Received: %d^2=%d\n", std::get<0>(task.input()), task.result());
  std::printf("Elapsed time=%.2f s\n", end - start);
  return 0;
}

/// What `--seconds S` says, 1 without it; nothing if the command line is anything else.
std::optional<double> seconds_of(int argc, char** argv) {
  if (argc == 1) return 1;
  if (argc != 3 || std::string_view(argv[1]) != "--seconds") return std::nullopt;
  char* end = nullptr;
  const double seconds = std::strtod(argv[2], &end);
  if (end == argv[2] || *end != '\0' || !(seconds >= 0 && seconds <= 3600)) return std::nullopt;
  return seconds;
}

int usage(bool is_help) {
  std::fputs(
      "usage: 09_stealing [--seconds S]: "
      "the squares of 1 to 16 by stolen tasks of S seconds each, from 0 to 3600 (1)\n",
      is_help ? stdout : stderr);
  return is_help ? 0 : 2;
}

}  // namespace

int main(int argc, char** argv) {
  return torc::start(argc, argv, [&] {
    if (const auto seconds = seconds_of(argc, argv)) return run(*seconds);
    return usage(argc == 2 && std::string_view(argv[1]) == "--help");
  });
}
