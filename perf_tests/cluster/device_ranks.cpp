// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors

// Device tasks of a host space on several ranks: what it costs where each process has one slot (Kokkos before 4.4).

#include <fmt/format.h>

#include <optional>
#include <string>

#include "support/kokkos/kernels.hpp"
#include "support/mpi/job.hpp"
#include "support/suite.hpp"
#include "support/teams.hpp"

int main(int argc, char** argv) {
  examples::command_line line("Device tasks on many nodes, of one and of two workers. Start it on 1, 2 or 4 ranks.");
  perf::command_line options;
  options.add_without_workers_to(line);
  std::optional<int> chosen_tasks;
  line.add("--tasks", chosen_tasks, "kernels a round, over all ranks; 400 by default", {1, 1'000'000});
  std::optional<int> chosen_steps;
  line.add("--steps", chosen_steps, "of each kernel; 400000 by default, about a millisecond", {1, 1'000'000'000});
  perf::job job(argc, argv);
  if (const auto status = job.parse(line, {})) return *status;
  if (!job.is_first()) return job.serve();

  const int ranks = job.size();
  const int tasks = options.pick(chosen_tasks, 400, 8);
  const int steps = options.pick(chosen_steps, 400'000, 1000);
  perf::facts about = job.about();
  for (const auto& fact : perf::kokkos_facts()) about.push_back(fact);
  perf::suite suite("device_ranks", options, "", about);
  const std::string what = fmt::format("{} kernels on {} rank{}", tasks, ranks, ranks == 1 ? "" : "s");
  for (const int workers : {1, 2}) {
    suite.add({what, perf::torc_name, workers * ranks}, "us a kernel", perf::figure::microseconds_an_item, [=, &job] {
      perf::outcome found;
      job.with_torc(workers, false, [&] {
        torc::submit(torc::on_device, perf::launch_busy, 1, 1).result();
        const auto start = perf::clock::now();
        for (int i = 0; i < tasks; ++i) torc::submit(torc::on_device, perf::launch_busy, 1, steps);
        torc::wait();
        found = {perf::seconds_since(start), static_cast<double>(tasks), {}};
      });
      return found;
    });
  }
  suite.run(options.pick(options.rounds, 5, 1), !options.quick);
  return suite.finish();
}
