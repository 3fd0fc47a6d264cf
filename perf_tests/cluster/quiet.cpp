// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors

// What a job takes from the machine while all its nodes have nothing to do but one, whose task sleeps.

#include <fmt/format.h>

#include <numeric>
#include <optional>
#include <string>
#include <vector>

#include "support/mpi/job.hpp"
#include "support/processor_time.hpp"
#include "support/suite.hpp"
#include "support/teams.hpp"

namespace {

struct usage {
  double seconds = 0;
  long waits = 0;

  template <class Archive>
  void serialize(Archive& archive) {
    archive(seconds, waits);
  }
};

usage used_by_node() {
  const auto used = perf::processor_time::now();
  return {used.seconds, used.waits};
}

/// Of all nodes together, so far.
usage used_by_all() {
  usage sum;
  for (const usage& one : torc::spmd(used_by_node)) {
    sum.seconds += one.seconds;
    sum.waits += one.waits;
  }
  return sum;
}

}  // namespace

int main(int argc, char** argv) {
  examples::command_line line("The processor time of a job while it waits for one sleeping task. Start it on 4 ranks.");
  perf::command_line options;
  options.workers = {4};
  options.add_without_workers_to(line);
  std::optional<double> chosen;
  line.add("--seconds", chosen, "how long the task sleeps; 5 by default", {0.01, 3600.0});
  perf::job job(argc, argv);
  if (const auto status = job.parse(line, {4})) return *status;
  if (!job.is_first()) return job.serve();

  const double pause = options.pick(chosen, 5.0, 0.1);
  perf::suite suite("quiet", options, "", job.about());
  const std::string what = "processor time of all nodes together";
  for (const bool is_stealing : {false, true}) {
    const std::string name = is_stealing ? "torc, stealing on" : perf::torc_name;
    suite.add({what, name, 4}, "% of a core", perf::figure::percent, [=, &job] {
      perf::outcome found;
      job.with_torc(1, is_stealing, [&] {
        const usage before = used_by_all();
        const auto start = perf::clock::now();
        torc::submit({.worker = torc::num_workers() - 1, .pinned = true}, perf::sleep_for, pause).result();
        const double passed = perf::seconds_since(start);
        const usage after = used_by_all();
        found = {after.seconds - before.seconds,
                 passed,
                 {{"times that a thread went to sleep", "a second",
                   static_cast<double>(after.waits - before.waits) / passed}}};
      });
      return found;
    });
    suite.add_target({{what, name, 4}, {}, perf::target::bound::at_most, 1});
  }
  suite.add_note(fmt::format("each measured for {} s", pause));
  suite.run(options.pick(options.rounds, 3, 1), false);
  return suite.finish();
}
