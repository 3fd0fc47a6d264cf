// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors

// Fibonacci numbers by the naive recursion: nothing but tasks, so its time is the cost of tasks.

#include <cstdint>
#include <cstdio>
#include <torc/torc.hpp>

#include "command_line.hpp"

namespace {

std::uint64_t serial_fib(int n) {
  return n < 2 ? static_cast<std::uint64_t>(n) : serial_fib(n - 1) + serial_fib(n - 2);
}

std::uint64_t fib(int n, int cutoff) {
  if (n < 2 || n <= cutoff) return serial_fib(n);
  auto left = torc::submit(fib, n - 1, cutoff);
  auto right = torc::submit(fib, n - 2, cutoff);
  torc::wait();
  return left.result() + right.result();
}

int run(int argc, char** argv) {
  int n = 0;
  int cutoff = 0;
  examples::command_line line("The n-th Fibonacci number; each call of the recursion is a task.", "fib");
  line.add("n", n, "which number, 0 to 93 (the last that 64 bits hold)", {0, 93});
  line.add("--cutoff", cutoff, "calls with n up to this are ordinary calls, not tasks", {0, 93});
  if (const auto status = line.parse(argc, argv)) return *status;

  const double start = torc::gettime();
  const std::uint64_t answer = torc::submit(fib, n, cutoff).result();
  std::printf("fib(%d) = %llu in %.3f s\n", n, static_cast<unsigned long long>(answer), torc::gettime() - start);
  return 0;
}

}  // namespace

int main(int argc, char** argv) {
  return torc::start(argc, argv, [&] { return run(argc, argv); });
}
