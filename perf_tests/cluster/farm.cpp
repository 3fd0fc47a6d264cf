// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors

// Tasks of very different length that sleep: how near stealing between nodes comes to one queue for all workers.

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <functional>
#include <numeric>
#include <optional>
#include <queue>
#include <random>
#include <string>
#include <utility>
#include <vector>

#include "support/mpi/job.hpp"
#include "support/statistics.hpp"
#include "support/suite.hpp"
#include "support/teams.hpp"

namespace {

/// Uniform above 0, up to 1. Not by the standard library's distributions, which differ from one to the next.
double uniform(std::mt19937_64& random) { return 0x1p-53 * static_cast<double>((random() >> 11U) + 1); }

/// Log-normal durations of this mean whose logarithms have the standard deviation 1.
std::vector<double> durations(int count, double mean) {
  std::mt19937_64 random(1);
  std::vector<double> seconds;
  for (int i = 0; i < count; ++i) {
    // Box and Muller 1958, doi:10.1214/aoms/1177706645.
    const double radius = std::sqrt(-2 * std::log(uniform(random)));
    const double normal = radius * std::cos(2 * std::acos(-1.0) * uniform(random));
    seconds.push_back(mean * std::exp(normal - 0.5));
  }
  return seconds;
}

std::vector<double> shuffled(std::vector<double> values, int seed) {
  std::mt19937_64 random(static_cast<std::uint64_t>(seed));
  for (std::size_t left = values.size(); left > 1; --left) std::swap(values[left - 1], values[random() % left]);
  return values;
}

/// When all would be done if each worker as soon as it is free began the next one of a common queue.
double greedy_bound(const std::vector<double>& seconds, int workers) {
  std::priority_queue<double, std::vector<double>, std::greater<>> free_at;
  for (int i = 0; i < workers; ++i) free_at.push(0);
  double end = 0;
  for (const double length : seconds) {
    const double mine = free_at.top() + length;
    free_at.pop();
    free_at.push(mine);
    end = std::max(end, mine);
  }
  return end;
}

template <class Submit>
double makespan(Submit submit) {
  const auto start = perf::clock::now();
  submit();
  torc::wait();
  return perf::seconds_since(start);
}

double makespan_of(const std::vector<double>& seconds, bool has_priority) {
  return makespan([&] {
    for (const double length : seconds) {
      if (has_priority) {
        torc::submit({.priority = length}, perf::sleep_for, length);
      } else {
        torc::submit(perf::sleep_for, length);
      }
    }
  });
}

/// All orders; the mean makespan over the mean bound, and the worst of all.
perf::outcome farm(const std::string& what, int orders, const std::vector<double>& seconds, bool has_priority) {
  const int workers = torc::num_workers();
  double sum = 0;
  double sum_of_bounds = 0;
  double worst = 0;
  for (int order = 1; order <= orders; ++order) {
    const std::vector<double> chosen = shuffled(seconds, order);
    const double bound =
        has_priority ? std::accumulate(chosen.begin(), chosen.end(), 0.0) / workers : greedy_bound(chosen, workers);
    const double took = makespan_of(chosen, has_priority);
    sum += took;
    sum_of_bounds += bound;
    worst = std::max(worst, took / bound);
  }
  return {sum, sum_of_bounds, {{what + ", the worst order", "of its bound", worst}}};
}

}  // namespace

int main(int argc, char** argv) {
  examples::command_line line(
      "Farms of sleeping tasks with stealing between nodes. Start it on 4 ranks; on 2 ranks only the first farm runs.");
  perf::command_line options;
  options.add_without_workers_to(line);
  std::optional<int> chosen_orders;
  line.add("--orders", chosen_orders, "in how many orders the tasks are submitted; 20 by default", {1, 10'000});
  perf::job job(argc, argv);
  if (const auto status = job.parse(line, {2, 4})) return *status;
  if (!job.is_first()) return job.serve();

  using bound = perf::target::bound;
  const int ranks = job.size();
  options.workers = {2 * ranks};
  perf::suite suite("farm", options, "", job.about());
  const double unit = options.quick ? 0.02 : 1;
  const std::string placed = fmt::format("16 tasks of {} s placed on node 1", unit);
  suite.add({placed, perf::torc_name, ranks}, "s", perf::figure::seconds_an_item, [=, &job] {
    perf::outcome found;
    job.with_torc(1, true, [&] {
      found.seconds = makespan([&] {
        for (int i = 0; i < 16; ++i) torc::submit({.worker = 1}, perf::sleep_for, unit);
      });
    });
    return found;
  });
  suite.add_target({{placed, perf::torc_name, 2}, {}, bound::at_most, 8.1});
  suite.add_target({{placed, perf::torc_name, 4}, {}, bound::at_most, 4.15});

  if (ranks == 4) {
    const int orders = options.pick(chosen_orders, 20, 2);
    const double mean = options.quick ? 0.002 : 0.05;
    const std::vector<double> seconds = durations(256, mean);
    const auto add = [&](const std::string& what, const char* of, bool has_priority) {
      suite.add({what, perf::torc_name, 2 * ranks}, of, perf::figure::seconds_an_item, [=, &job] {
        perf::outcome found;
        job.with_torc(2, true, [&] { found = farm(what, orders, seconds, has_priority); });
        return found;
      });
    };
    const std::string fifo = fmt::format("256 log-normal sleeps, mean {} s, {} orders", mean, orders);
    add(fifo, "mean over the mean greedy bound", false);
    suite.add_target({{fifo, perf::torc_name, 2 * ranks}, {}, bound::at_most, 1.03});
    suite.add_target({{fifo + ", the worst order", perf::torc_name, 2 * ranks}, {}, bound::at_most, 1.15});
    const std::string longest = fifo + ", longest first";
    add(longest, "mean over sum / workers", true);
    suite.add_target({{longest, perf::torc_name, 2 * ranks}, {}, bound::at_most, 1.05});
  }
  suite.run(options.pick(options.rounds, 1, 1), false);
  return suite.finish();
}
