// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors

// An empty kernel from its submission until it is known to be done, one at a time and many at once, beside loops that
// do the same by hand.

#include <fmt/format.h>

#include <cstdio>
#include <optional>
#include <vector>

#include "support/kokkos/kernels.hpp"
#include "support/suite.hpp"
#include "support/teams.hpp"

namespace {

constexpr const char* one_at_a_time = "launch and wait, one at a time";
constexpr const char* many_at_once = "launch and wait, many at once";

double by_hand(int count, int instances) {
  const std::vector<perf::space> all = perf::hand_made_instances(instances);
  const auto start = perf::clock::now();
  for (int i = 0; i < count; ++i) {
    const perf::space& exec = all[static_cast<std::size_t>(i % instances)];
    if (instances > 1 && i >= instances) exec.fence();
    perf::launch_nothing(exec);
    if (instances == 1) exec.fence();
  }
  for (const perf::space& exec : all) exec.fence();
  return perf::seconds_since(start);
}

double torc_one_at_a_time(int count, int workers) {
  double seconds = 0;
  perf::with_torc_device(workers, 4, [&] {
    torc::submit(torc::on_device, perf::launch_nothing).result();
    const auto start = perf::clock::now();
    for (int i = 0; i < count; ++i) torc::submit(torc::on_device, perf::launch_nothing).result();
    seconds = perf::seconds_since(start);
  });
  return seconds;
}

double torc_many(int count, int workers, int slots) {
  double seconds = 0;
  perf::with_torc_device(workers, slots, [&] {
    torc::submit(torc::on_device, perf::launch_nothing).result();
    const auto start = perf::clock::now();
    for (int i = 0; i < count; ++i) torc::submit(torc::on_device, perf::launch_nothing);
    torc::wait();
    seconds = perf::seconds_since(start);
  });
  return seconds;
}

}  // namespace

int main(int argc, char** argv) {
  examples::command_line line("Empty kernels as device tasks, and launched by hand.");
  perf::command_line options;
  options.add_to(line);
  std::optional<int> chosen;
  line.add("--count", chosen, "kernels a round; 20000 by default", {1, 10'000'000});
  int slots = 4;
  line.add("--slots", slots, "of a GPU, and instances of the loop by hand", {1, 128});
  if (const auto status = line.parse(argc, argv)) return *status;
  const int count = options.pick(chosen, 20'000, 200);

  torc::init(torc::options{.stats = 0});  // Kokkos must be up for the loops by hand
  torc::shutdown();
  if (!Kokkos::is_initialized()) {
    fmt::print(stderr, "launch: Kokkos was built for a device that is not here; TORC_VERBOSE=1 says more\n");
    return 1;
  }
  perf::suite suite("launch", options, "by hand", perf::kokkos_facts());
  for (const int workers : options.workers) {
    suite.add({one_at_a_time, "by hand", workers}, "us a kernel", perf::figure::microseconds_an_item, [=] {
      return perf::outcome{by_hand(count, 1), static_cast<double>(count), {}};
    });
    suite.add({one_at_a_time, perf::torc_name, workers}, "us a kernel", perf::figure::microseconds_an_item, [=] {
      return perf::outcome{torc_one_at_a_time(count, workers), static_cast<double>(count), {}};
    });
    suite.add({many_at_once, "by hand", workers}, "us a kernel", perf::figure::microseconds_an_item, [=] {
      return perf::outcome{by_hand(count, slots), static_cast<double>(count), {}};
    });
    suite.add({many_at_once, perf::torc_name, workers}, "us a kernel", perf::figure::microseconds_an_item, [=] {
      return perf::outcome{torc_many(count, workers, slots), static_cast<double>(count), {}};
    });
    if (perf::has_gpu) {
      suite.add_target({{many_at_once, perf::torc_name, workers}, "by hand", perf::target::bound::at_most, 1 / 0.9});
    }
  }
  suite.add_note(
      perf::has_gpu
          ? "Goal: one at a time at most 5 us more than by hand; many at once at least 90 % of its throughput."
          : "The space is the host's, so its calls return when all is done; the goals are for GPUs.");
  suite.run(options.pick(options.rounds, 7, 2), !options.quick);
  const int status = suite.finish();
  torc::finalize();
  return status;
}
