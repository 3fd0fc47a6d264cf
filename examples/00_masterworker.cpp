// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors

// Four tasks of one second each: one worker needs four seconds, two need two, four need one, wherever they are.

#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <iomanip>
#include <iostream>
#include <optional>
#include <string_view>
#include <syncstream>
#include <thread>
#include <torc/torc.hpp>
#include <vector>

namespace {

double work(double x, double seconds) {
  std::this_thread::sleep_for(std::chrono::duration<double>(seconds));
  const double y = x * x;
  std::osyncstream(std::cout) << std::fixed << std::setprecision(3) << "work inp=" << x << ", out=" << y
                              << " ...on node " << torc::node_id() << " worker " << torc::worker_id() << " thread "
                              << std::this_thread::get_id() << std::endl;
  return y;
}

int run(double seconds) {
  const double start = torc::gettime();
  std::vector<torc::future<double(double, double)>> tasks;
  for (int i = 1; i <= 4; ++i) tasks.push_back(torc::submit(work, i, seconds));
  torc::wait();
  const double end = torc::gettime();

  for (const auto& task : tasks) std::printf("Received: sqrt(%g)=%.3f\n", std::get<0>(task.input()), task.result());
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
      "usage: 00_masterworker [--seconds S]: "
      "the squares of 1 to 4 by tasks of S seconds each, from 0 to 3600 (1)\n",
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
