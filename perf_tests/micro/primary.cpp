// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors

// What it costs that the primary task has a thread of its own, as by default, beside one that shares worker 0
// (TORC_PRIMARY=worker): the calls of an ordinary main.

#include <fmt/format.h>

#include <chrono>
#include <cstdint>
#include <functional>
#include <numeric>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "rivals/fib/serial.hpp"
#include "rivals/fib/torc.hpp"
#include "rivals/spawn/torc.hpp"
#include "support/statistics.hpp"
#include "support/suite.hpp"
#include "support/teams.hpp"

namespace {

constexpr const char* own_thread = "torc, main on its own thread";
constexpr const char* on_worker = "torc, main on worker 0";

double timed(const std::function<void()>& call) {
  const auto start = perf::clock::now();
  call();
  return perf::seconds_since(start);
}

/// The median of so many calls, each after a pause.
perf::outcome median_of(int count, std::chrono::microseconds pause, const std::function<void()>& call) {
  std::vector<double> all;
  for (int i = 0; i < count; ++i) {
    if (pause.count() > 0) std::this_thread::sleep_for(pause);
    all.push_back(timed(call));
  }
  return {perf::median(all), 1, {}};
}

/// Per item, after a first time that wakes the workers and fills the free lists.
perf::outcome second_of_two(double items, const std::function<void()>& call) {
  call();
  return {timed(call), items, {}};
}

void submit_and_wait() { torc::submit(perf::empty_task).result(); }

int same(int x) { return x; }

}  // namespace

int main(int argc, char** argv) {
  examples::command_line line("What a thread of its own costs the primary task.");
  perf::command_line options;
  options.add_to(line);
  std::optional<int> chosen;
  line.add("--count", chosen, "waits a round; 2000 by default", {1, 10'000'000});
  if (const auto status = line.parse(argc, argv)) return *status;

  const int waits = options.pick(chosen, 2000, 20);
  const int tasks = options.pick(std::optional<int>(), 1'000'000, 10'000);
  const int number = options.pick(std::optional<int>(), 22, 12);
  const std::string awake = "wait for one empty task, one after another";
  const std::string asleep = "wait for one empty task, 1 ms after the last";
  const std::string spawn = fmt::format("{} empty tasks, then a wait", tasks);
  // In 1 ms idle workers have gone to sleep.
  const std::chrono::milliseconds pause(1);

  perf::suite suite("primary", options, on_worker);
  const auto add = [&](const std::string& what, const std::string& unit, perf::figure kind,
                       const std::function<perf::outcome()>& run) {
    for (const int workers : options.workers) {
      for (const char* name : {own_thread, on_worker}) {
        const auto place = name == own_thread ? torc::primary_place::thread : torc::primary_place::worker;
        suite.add({what, name, workers}, unit, kind, [=] {
          perf::outcome found;
          perf::with_torc(
              workers, [&] { found = run(); }, place);
          return found;
        });
      }
    }
  };
  const std::string each = "us, median of a round";
  add(awake, each, perf::figure::microseconds_an_item,
      [=] { return median_of(waits, std::chrono::microseconds(0), submit_and_wait); });
  add(asleep, each, perf::figure::microseconds_an_item, [=] { return median_of(waits / 10, pause, submit_and_wait); });
  add("map of 1000 empty tasks", "ns an element", perf::figure::nanoseconds_an_item, [] {
    std::vector<int> inputs(1000);
    std::iota(inputs.begin(), inputs.end(), 0);
    return second_of_two(1000, [&] { torc::map(same, inputs); });
  });
  add(spawn, "ns a task", perf::figure::nanoseconds_an_item,
      [=] { return second_of_two(tasks, [=] { perf::torc_spawn(tasks, [] {}); }); });
  add(fmt::format("fib({}) without cut-off, called by main", number), "ns a task", perf::figure::nanoseconds_an_item,
      [=] { return second_of_two(static_cast<double>(perf::fib_calls(number)), [=] { perf::torc_fib(number); }); });

  using bound = perf::target::bound;
  for (const int workers : options.workers) {
    // At most 30 us more than a call that runs the task itself.
    suite.add_target({{awake, own_thread, workers}, {}, bound::at_most, 30});
    suite.add_target({{asleep, own_thread, workers}, {}, bound::at_most, 35});
    suite.add_target({{spawn, own_thread, workers}, {}, bound::at_most, 120});
  }
  suite.run(options.pick(options.rounds, 7, 2), !options.quick);
  return suite.finish();
}
