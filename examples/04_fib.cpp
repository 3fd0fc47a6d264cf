// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors

// Nested tasks: the naive recursion for Fibonacci numbers, whose upper levels are tasks that wait for tasks.

#include <fmt/format.h>

#include <torc/torc.hpp>

#include "command_line.hpp"

namespace {

int fib(int n) {
  if (n < 2) return n;
  if (n < 30) return fib(n - 1) + fib(n - 2);
  const auto left = torc::submit(fib, n - 1);
  const auto right = torc::submit(fib, n - 2);
  torc::wait();
  return left.result() + right.result();
}

int run(int argc, char** argv) {
  examples::command_line line("The 35th Fibonacci number by nested tasks.", "04_fib");
  if (const auto status = line.parse(argc, argv)) return *status;

  const int n = 35;
  fmt::print("fib({}) = {}\n", n, fib(n));
  return 0;
}

}  // namespace

int main(int argc, char** argv) {
  return torc::start(argc, argv, [&] { return run(argc, argv); });
}
