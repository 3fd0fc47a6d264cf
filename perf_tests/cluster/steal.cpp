// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors

// How soon a node that has run dry has a task of another node running. Node 0's worker never leaves the primary task,
// which keeps two tasks in its queue; so node 1 is given one at a time, by a node whose worker is busy.

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <optional>
#include <stdexcept>
#include <string>
#include <vector>

#include "support/mpi/job.hpp"
#include "support/statistics.hpp"
#include "support/suite.hpp"
#include "support/teams.hpp"

namespace {

struct run_times {
  std::int64_t begin_ns = 0;
  std::int64_t end_ns = 0;

  template <class Archive>
  void serialize(Archive& archive) {
    archive(begin_ns, end_ns);
  }
};

/// Of a clock that all processes of a host share.
std::int64_t now_ns() {
  return std::chrono::duration_cast<std::chrono::nanoseconds>(perf::clock::now().time_since_epoch()).count();
}

run_times compute_for(std::int64_t length_ns) {
  run_times times{now_ns(), 0};
  do {
    times.end_ns = now_ns();
  } while (times.end_ns - times.begin_ns < length_ns);
  return times;
}

/// The microseconds from the end of each task on node 1 to the beginning of the next one there.
std::vector<double> gaps(int count, std::int64_t length_ns) {
  constexpr std::size_t depth = 2;
  std::vector<torc::future<run_times>> queued;
  std::vector<run_times> done;
  const auto submit = [&] { queued.push_back(torc::submit({.worker = 0}, compute_for, length_ns)); };
  for (std::size_t i = 0; i < depth; ++i) submit();
  std::size_t missing = static_cast<std::size_t>(count);
  const auto limit = perf::clock::now() + std::chrono::seconds(60);
  while (missing > 0) {
    for (auto& future : queued) {
      if (missing == 0 || !future.done()) continue;
      done.push_back(future.result());
      future = torc::submit({.worker = 0}, compute_for, length_ns);
      --missing;
    }
    if (perf::clock::now() > limit) throw std::runtime_error("node 1 did not steal the tasks within 60 s");
  }
  torc::wait();
  std::sort(done.begin(), done.end(), [](const run_times& a, const run_times& b) { return a.begin_ns < b.begin_ns; });
  std::vector<double> microseconds;
  for (std::size_t i = 1; i < done.size(); ++i) {
    if (done[i].begin_ns < done[i - 1].end_ns) throw std::runtime_error("two of the tasks ran at the same time");
    microseconds.push_back(1e-3 * static_cast<double>(done[i].begin_ns - done[i - 1].end_ns));
  }
  return microseconds;
}

}  // namespace

int main(int argc, char** argv) {
  examples::command_line line("The time of a steal from a node whose worker is busy. Start it on 2 ranks.");
  perf::command_line options;
  options.workers = {2};
  options.add_without_workers_to(line);
  std::optional<int> chosen;
  line.add("--count", chosen, "steals a round; 2000 by default", {10, 10'000'000});
  perf::job job(argc, argv);
  if (const auto status = job.parse(line, {2})) return *status;
  if (!job.is_first()) return job.serve();

  const int count = options.pick(chosen, 2000, 50);
  perf::suite suite("steal", options, "", job.about());
  for (const std::int64_t length_us : {100, 1000}) {
    const std::string what = fmt::format("end of a task of {} us until the next one, stolen, runs", length_us);
    suite.add({what, perf::torc_name, 2}, "us, median of a round", perf::figure::microseconds_an_item, [=, &job] {
      perf::outcome found;
      const auto measure = [&] {
        const std::vector<double> all = gaps(count, 1000 * length_us);
        found = {1e-6 * perf::median(all), 1, {}};
        for (const int percent : {90, 99}) {
          found.also.push_back(
              {fmt::format("{}, {} % of them", what, percent), "us", perf::quantile(all, 0.01 * percent)});
        }
      };
      constexpr bool main_shares_worker = true;  // and never leaves it
      job.with_torc(1, true, measure, main_shares_worker);
      return found;
    });
    suite.add_target({{what, perf::torc_name, 2}, {}, perf::target::bound::at_most, 50});
  }
  suite.run(options.pick(options.rounds, 5, 1), false);
  return suite.finish();
}
