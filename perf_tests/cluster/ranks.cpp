// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors

// Many ranks on few cores: tasks that sleep, so that nothing but the runtime needs the cores.

#include <fmt/format.h>

#include <optional>
#include <string>

#include "support/mpi/job.hpp"
#include "support/suite.hpp"
#include "support/teams.hpp"

int main(int argc, char** argv) {
  examples::command_line line(
      "Sleeping tasks on many nodes of one worker. Start it on any number of ranks, such as 64.");
  perf::command_line options;
  options.add_without_workers_to(line);
  std::optional<int> chosen_tasks;
  line.add("--tasks", chosen_tasks, "tasks for each rank; 100 by default", {1, 1'000'000});
  std::optional<double> chosen_seconds;
  line.add("--seconds", chosen_seconds, "that each takes; 0.05 by default", {0.0001, 3600.0});
  perf::job job(argc, argv);
  if (const auto status = job.parse(line, {})) return *status;
  if (!job.is_first()) return job.serve();

  const int ranks = job.size();
  const int tasks = options.pick(chosen_tasks, 100, 10);
  const double seconds = options.pick(chosen_seconds, 0.05, 0.005);
  options.workers = {ranks};
  perf::suite suite("ranks", options, "", job.about());
  const std::string what = fmt::format("{} tasks of {} s", tasks * ranks, seconds);
  for (const bool is_stealing : {false, true}) {
    const std::string name = is_stealing ? "torc, stealing on" : perf::torc_name;
    suite.add({what, name, ranks}, "of the ideal time", perf::figure::seconds_an_item, [=, &job] {
      perf::outcome found;
      const auto before = perf::clock::now();
      job.with_torc(1, is_stealing, [&] {
        const double opening = perf::seconds_since(before);
        const auto start = perf::clock::now();
        for (int i = 0; i < tasks * ranks; ++i) torc::submit(perf::sleep_for, seconds);
        torc::wait();
        found = {perf::seconds_since(start), tasks * seconds, {{"opening the session", "s", opening}}};
      });
      return found;
    });
    suite.add_target({{what, name, ranks}, {}, perf::target::bound::at_most, 1.15});
  }
  suite.run(options.pick(options.rounds, 3, 1), false);
  return suite.finish();
}
