// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors

// What a limit costs tiny tasks though there are units for all of them: at home, and on another node if there is one.

#include <fmt/format.h>

#include <optional>
#include <string>

#include "support/mpi/job.hpp"
#include "support/suite.hpp"
#include "support/teams.hpp"

namespace {

void nothing() {}

/// One worker each: the first of this node, or of the last one.
void submit(int count, int worker, const char* limit) {
  for (int i = 0; i < count; ++i) {
    torc::task_options options{.worker = worker};
    if (*limit != '\0') options.limit = {limit, 1};
    torc::submit(options, nothing);
  }
  torc::wait();
}

}  // namespace

int main(int argc, char** argv) {
  examples::command_line line(
      "Empty tasks with and without a limit, on one worker of a node. Start it on 1 or 2 ranks.");
  perf::command_line options;
  options.add_without_workers_to(line);
  std::optional<int> chosen;
  line.add("--count", chosen, "tasks a round; 20000 by default", {100, 100'000'000});
  perf::job job(argc, argv);
  if (const auto status = job.parse(line, {1, 2})) return *status;
  if (!job.is_first()) return job.serve();

  const int count = options.pick(chosen, 20'000, 1000);
  const int ranks = job.size();
  constexpr const char* baseline = "torc, no limit";
  options.workers = {ranks};
  perf::suite suite("limits", options, baseline, job.about());
  struct kind {
    const char* rival;
    const char* limit;
  };
  for (const bool is_at_home : {true, false}) {
    if (!is_at_home && ranks == 1) continue;
    const std::string what = fmt::format("{} empty tasks {}", count, is_at_home ? "at home" : "on another node");
    for (const kind one : {kind{baseline, ""}, kind{"torc, limit of the job", "plenty"},
                           kind{"torc, limit of each node", "plenty here"}}) {
      suite.add({what, one.rival, ranks}, "us a task", perf::figure::microseconds_an_item, [=, &job] {
        perf::outcome found;
        job.with_torc(1, false, [&] {
          torc::set_limit("plenty", 1'000'000);
          torc::set_limit("plenty here", 1'000'000, torc::per_node);
          const int worker = is_at_home ? 0 : torc::num_workers() - 1;
          submit(count / 10, worker, one.limit);
          const auto start = perf::clock::now();
          submit(count, worker, one.limit);
          found = {perf::seconds_since(start), static_cast<double>(count), {}};
        });
        return found;
      });
    }
  }
  suite.add_note(
      "units for all tasks are there: what is measured is the way to them, and to a place on the other node");
  suite.run(options.pick(options.rounds, 5, 1), false);
  return suite.finish();
}
