// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors

// The time of one small task on another node, there and back, beside 8 bytes of plain MPI.

#include <fmt/format.h>

#include <chrono>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "rivals/mpi/ping_pong.hpp"
#include "support/mpi/job.hpp"
#include "support/statistics.hpp"
#include "support/suite.hpp"
#include "support/teams.hpp"

namespace {

void nothing() {}

double torc_round_trip() {
  const auto start = perf::clock::now();
  torc::submit({.worker = 1, .pinned = true}, nothing).result();
  return 1e6 * perf::seconds_since(start);
}

std::vector<double> torc_round_trips(int count) {
  std::vector<double> microseconds;
  for (int i = 0; i < count; ++i) microseconds.push_back(torc_round_trip());
  return microseconds;
}

std::vector<double> plain_round_trips(int count) { return torc::spmd(perf::mpi_ping_pong, count).front(); }

/// To a node that has had nothing to do for so long.
std::vector<double> round_trips_after(std::chrono::duration<double> pause, int count) {
  std::vector<double> microseconds;
  for (int i = 0; i < count; ++i) {
    std::this_thread::sleep_for(pause);
    microseconds.push_back(torc_round_trip());
  }
  return microseconds;
}

/// The median; the slow ones as further figures.
perf::outcome summary(const std::string& what, const std::vector<double>& microseconds) {
  perf::outcome found{1e-6 * perf::median(microseconds), 1, {}};
  for (const int percent : {90, 99}) {
    found.also.push_back(
        {fmt::format("{}, {} % of them", what, percent), "us", perf::quantile(microseconds, 0.01 * percent)});
  }
  return found;
}

}  // namespace

int main(int argc, char** argv) {
  examples::command_line line("Round trips of an empty task between two nodes of one worker. Start it on 2 ranks.");
  perf::command_line options;
  options.workers = {2};
  options.add_without_workers_to(line);
  std::optional<int> chosen;
  line.add("--count", chosen, "round trips a round; 20000 by default", {1, 10'000'000});
  std::optional<double> idle;
  line.add("--idle", idle, "how many seconds the other node is idle; 1 by default", {0.001, 3600.0});
  perf::job job(argc, argv);
  if (const auto status = job.parse(line, {2})) return *status;
  if (!job.is_first()) return job.serve();

  const int count = options.pick(chosen, 20'000, 200);
  const std::chrono::duration<double> pause(options.pick(idle, 1, 0.1));
  constexpr const char* mpi_name = "MPI, 8 bytes";
  perf::suite suite("roundtrip", options, mpi_name, job.about());
  const std::string awake = "round trip to a node that is awake";
  const auto add = [&](const std::string& what, const char* rival, auto run) {
    suite.add({what, rival, 2}, "us, median of a round", perf::figure::microseconds_an_item, [=, &job] {
      perf::outcome found;
      job.with_torc(1, false, [&] { found = summary(what, run()); });
      return found;
    });
  };
  add(awake, mpi_name, [=] {
    plain_round_trips(count / 10);
    return plain_round_trips(count);
  });
  add(awake, perf::torc_name, [=] {
    torc_round_trips(count / 10);
    return torc_round_trips(count);
  });
  const std::string asleep = fmt::format("round trip to a node that has been idle for {} s", pause.count());
  add(asleep, perf::torc_name, [=, &options] {
    torc_round_trips(count / 10);
    return round_trips_after(pause, options.quick ? 2 : 10);
  });
  suite.add_target({{awake, perf::torc_name, 2}, {}, perf::target::bound::at_most, 15});
  suite.add_target({{asleep, perf::torc_name, 2}, {}, perf::target::bound::at_most, 100});
  suite.run(options.pick(options.rounds, 5, 1), false);
  return suite.finish();
}
