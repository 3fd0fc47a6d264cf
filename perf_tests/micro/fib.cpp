// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors

// The cost of a task: Fibonacci numbers without cut-off, both children submitted, a wait, two results.

#include <fmt/format.h>

#include <cstdint>
#include <optional>
#include <stdexcept>
#include <string>

#include "rivals/fib/openmp.hpp"
#include "rivals/fib/serial.hpp"
#include "rivals/fib/tbb.hpp"
#include "rivals/fib/torc.hpp"
#include "support/suite.hpp"
#include "support/teams.hpp"

namespace {

/// Times kernel(n), after a small one that wakes the workers and fills the free lists.
template <class Kernel>
perf::outcome timed(Kernel kernel, int n) {
  kernel(n / 2);
  const auto start = perf::clock::now();
  const std::int64_t found = kernel(n);
  const double seconds = perf::seconds_since(start);
  const std::int64_t right = perf::serial_fib(n);
  if (found != right) throw std::runtime_error(fmt::format("fib({}) gave {}, not {}", n, found, right));
  return {seconds, static_cast<double>(perf::fib_calls(n)), {}};
}

perf::outcome with_serial(int n) { return timed(perf::serial_fib, n); }

perf::outcome with_openmp(int n, int workers) {
  perf::outcome found;
  perf::with_openmp(workers, [&] { found = timed(perf::openmp_fib, n); });
  return found;
}

perf::outcome with_tbb(int n, int workers) {
  perf::outcome found;
  perf::with_tbb(workers, [&] { found = timed(perf::tbb_fib, n); });
  return found;
}

perf::outcome with_torc(int n, int workers) {
  perf::outcome found;
  // One task is submitted by the primary task, so that all others are nested.
  const auto kernel = [](int m) { return torc::submit(perf::torc_fib, m).result(); };
  perf::with_torc(workers, [&] { found = timed(kernel, n); });
  return found;
}

}  // namespace

int main(int argc, char** argv) {
  examples::command_line line(
      "The cost of a task: fib(N) without cut-off, both children submitted, wait, two results.");
  perf::command_line options;
  options.add_to(line);
  std::optional<int> chosen;
  line.add("-n,--number", chosen, "which Fibonacci number; 27 by default", {2, 45});
  if (const auto status = line.parse(argc, argv)) return *status;

  const int n = options.pick(chosen, 27, 16);
  perf::suite suite("fib", options, perf::tbb_name);
  const std::string what = fmt::format("fib({}) without cut-off, both children submitted", n);
  const auto add = [&](const char* rival, int workers, perf::contender run) {
    suite.add({what, rival, workers}, "ns a task", perf::figure::nanoseconds_an_item, std::move(run));
  };
  add("serial call", 1, [n] { return with_serial(n); });
  for (const int workers : options.workers) {
    add(perf::openmp_name, workers, [=] { return with_openmp(n, workers); });
    add(perf::tbb_name, workers, [=] { return with_tbb(n, workers); });
    add(perf::torc_name, workers, [=] { return with_torc(n, workers); });
  }
  using bound = perf::target::bound;
  suite.add_target({{what, perf::torc_name, 1}, perf::tbb_name, bound::at_most, 0.45});
  suite.add_target({{what, perf::torc_name, 2}, perf::tbb_name, bound::at_most, 0.6});
  suite.run(options.pick(options.rounds, 11, 2), !options.quick);
  return suite.finish();
}
