// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors

// Device tasks through one slot while every worker computes, and while the host is idle: what they lose, and what they
// cost the host.

#include <fmt/format.h>
#include <atomic>

#include <optional>
#include <string>

#include "support/kokkos/kernels.hpp"
#include "support/processor_time.hpp"
#include "support/suite.hpp"
#include "support/teams.hpp"

namespace {

std::atomic<bool> g_is_over{false};

void compute() {
  volatile double x = 1;
  while (!g_is_over) {
    for (int i = 0; i < 1000; ++i) x = x * 1.000001;
  }
}

perf::outcome farm(int tasks, int workers, int width, int steps, bool is_busy) {
  perf::outcome found;
  g_is_over = false;
  perf::with_torc_device(workers, 1, [&] {
    torc::submit(torc::on_device, perf::launch_busy, width, 1).result();
    if (is_busy) {
      for (int i = 0; i < workers; ++i) torc::submit({.worker = i, .pinned = true}, compute);
    }
    const auto before = perf::processor_time::now();
    const auto start = perf::clock::now();
    // From a device task, so that no thread of main's competes with the workers.
    const auto all = torc::submit(
        torc::on_device,
        [](const perf::space&, int count, int threads, int many) {
          for (int i = 0; i < count; ++i) torc::submit(torc::on_device, perf::launch_busy, threads, many);
          torc::wait();
          g_is_over = true;
        },
        tasks, width, steps);
    torc::wait();
    const double seconds = perf::seconds_since(start);
    const double used = (perf::processor_time::now() - before).seconds - (is_busy ? workers * seconds : 0);
    found = {
        seconds, static_cast<double>(tasks), {{"host time beside computing", "% of a core", 100 * used / seconds}}};
  });
  return found;
}

}  // namespace

int main(int argc, char** argv) {
  examples::command_line line("Device tasks through one slot beside workers that are idle, and beside busy ones.");
  perf::command_line options;
  options.add_to(line);
  std::optional<int> chosen_tasks;
  line.add("--tasks", chosen_tasks, "kernels a round; 10000 by default, 10 s of a GPU", {1, 10'000'000});
  int width = perf::has_gpu ? 4096 : 1;
  line.add("--width", width, "threads that one kernel keeps busy", {1, 100'000'000});
  std::optional<int> chosen_steps;
  line.add("--steps", chosen_steps, "of each thread; 400000 by default, about a millisecond", {1, 1'000'000'000});
  if (const auto status = line.parse(argc, argv)) return *status;
  const int tasks = options.pick(chosen_tasks, perf::has_gpu ? 10'000 : 500, 8);
  const int steps = options.pick(chosen_steps, 400'000, 1000);

  const std::string what = fmt::format("{} kernels of {} threads", tasks, width);
  constexpr const char* idle = "torc, idle host";
  constexpr const char* busy = "torc, busy workers";
  perf::suite suite("busy_host", options, idle, perf::kokkos_facts());
  for (const int workers : options.workers) {
    suite.add({what, idle, workers}, "us a kernel", perf::figure::microseconds_an_item,
              [=] { return farm(tasks, workers, width, steps, false); });
    if (!perf::has_gpu) continue;
    suite.add({what, busy, workers}, "us a kernel", perf::figure::microseconds_an_item,
              [=] { return farm(tasks, workers, width, steps, true); });
    suite.add_target({{what, busy, workers}, idle, perf::target::bound::at_most, 1.05});
  }
  if (!perf::has_gpu)
    suite.add_note("Busy workers are left out: the space is the host's, so its tasks need the workers themselves.");
  suite.run(options.pick(options.rounds, 3, 1), false);
  const int status = suite.finish();
  torc::finalize();
  return status;
}
