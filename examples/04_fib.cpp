// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors

// Nested tasks: the naive recursion for Fibonacci numbers, whose upper levels are tasks that wait for tasks.

#include <cstdio>
#include <string>
#include <torc/torc.hpp>

namespace {

int fib(int n) {
  if (n < 2) return n;
  if (n < 30) return fib(n - 1) + fib(n - 2);
  const auto left = torc::submit(fib, n - 1);
  const auto right = torc::submit(fib, n - 2);
  torc::wait();
  return left.result() + right.result();
}

void run() {
  const int n = 35;
  std::printf("fib(%d) = %d\n", n, fib(n));
}

int usage(const std::string& argument) {
  const bool is_help = argument == "--help";
  std::fputs("usage: 04_fib, without arguments: the 35th Fibonacci number by nested tasks\n",
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
