// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors

// Kernels that fill a part of a device, with 1, 2, 4 and 8 slots: how many run side by side.

#include <fmt/format.h>

#include <optional>

#include "support/kokkos/kernels.hpp"
#include "support/suite.hpp"
#include "support/teams.hpp"

namespace {

double farm(int tasks, int workers, int slots, int width, int steps) {
  double seconds = 0;
  perf::with_torc_device(workers, slots, [&] {
    torc::submit(torc::on_device, perf::launch_busy, width, 1).result();
    const auto start = perf::clock::now();
    for (int i = 0; i < tasks; ++i) torc::submit(torc::on_device, perf::launch_busy, width, steps);
    torc::wait();
    seconds = perf::seconds_since(start);
  });
  return seconds;
}

}  // namespace

int main(int argc, char** argv) {
  examples::command_line line("A farm of kernels that each fill a part of the device, with more and more slots.");
  perf::command_line options;
  options.add_to(line);
  std::optional<int> chosen_tasks;
  line.add("--tasks", chosen_tasks, "kernels a round; 200 by default", {1, 1'000'000});
  int width = perf::has_gpu ? 4096 : 1;
  line.add("--width", width, "threads that one kernel keeps busy", {1, 100'000'000});
  std::optional<int> chosen_steps;
  line.add("--steps", chosen_steps, "of each thread; 400000 by default, about a millisecond", {1, 1'000'000'000});
  if (const auto status = line.parse(argc, argv)) return *status;
  const int tasks = options.pick(chosen_tasks, 200, 8);
  const int steps = options.pick(chosen_steps, 400'000, 1000);

  const std::string what = fmt::format("{} kernels of {} threads", tasks, width);
  const auto name = [](int slots) { return fmt::format("torc, {} slot{}", slots, slots == 1 ? "" : "s"); };
  perf::suite suite("slots", options, name(1), perf::kokkos_facts());
  for (const int workers : options.workers) {
    for (const int slots : {1, 2, 4, 8}) {
      suite.add({what, name(slots), workers}, "us a kernel", perf::figure::microseconds_an_item, [=] {
        return perf::outcome{farm(tasks, workers, slots, width, steps), static_cast<double>(tasks), {}};
      });
    }
    if (perf::has_gpu) suite.add_target({{what, name(4), workers}, name(1), perf::target::bound::at_most, 1 / 1.8});
  }
  if (!perf::has_gpu)
    suite.add_note(
        "The space is the host's: its slots are the workers (one slot before Kokkos 4.4), whatever TORC_DEVICE_SLOTS "
        "says.");
  suite.run(options.pick(options.rounds, 5, 1), !options.quick);
  const int status = suite.finish();
  torc::finalize();
  return status;
}
