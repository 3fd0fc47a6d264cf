// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors

// A million empty tasks submitted by one task, which then waits: their time, and what memory they leave behind.

#include <fmt/format.h>

#include <algorithm>
#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "rivals/spawn/openmp.hpp"
#include "rivals/spawn/serial.hpp"
#include "rivals/spawn/tbb.hpp"
#include "rivals/spawn/torc.hpp"
#include "support/memory.hpp"
#include "support/probe.hpp"
#include "support/suite.hpp"
#include "support/teams.hpp"

namespace {

using std::chrono::milliseconds;

/// Submits that many empty tasks, calls back when all are submitted, and waits for them.
using spawner = std::function<void(std::int64_t count, const std::function<void()>& queued)>;

/// Calls `body` with the rival's spawner, inside of the rival's team of so many workers.
using enter = std::function<void(int workers, const std::function<void(const spawner&)>& body)>;

constexpr const char* nested_name = "torc, nested task";
constexpr const char* primary_name = "torc, primary task";

enter enter_torc(void (*spawn)(std::int64_t, std::function<void()>)) {
  return [spawn](int workers, const std::function<void(const spawner&)>& body) {
    perf::with_torc(workers, [&] { body(spawn); });
  };
}

/// Its rivals, in the order of the table.
const std::vector<std::pair<std::string, enter>>& rivals() {
  using callback = std::function<void()>;
  static const std::vector<std::pair<std::string, enter>> all = {
      {perf::openmp_name,
       [](int workers, const auto& body) { perf::with_openmp(workers, [&] { body(perf::openmp_spawn<callback>); }); }},
      {perf::tbb_name,
       [](int workers, const auto& body) { perf::with_tbb(workers, [&] { body(perf::tbb_spawn<callback>); }); }},
      {nested_name, enter_torc(perf::torc_spawn_nested<callback>)},
      {primary_name, enter_torc(perf::torc_spawn<callback>)}};
  return all;
}

double timed(const spawner& spawn, std::int64_t count, const std::function<void()>& queued) {
  const auto start = perf::clock::now();
  spawn(count, queued);
  return perf::seconds_since(start);
}

perf::outcome warm(const enter& rival, int workers, std::int64_t count) {
  double seconds = 0;
  rival(workers, [&](const spawner& spawn) {
    spawn(count, [] {});
    seconds = timed(spawn, count, [] {});
  });
  return {seconds, static_cast<double>(count), {}};
}

perf::outcome serial(std::int64_t count) {
  const auto start = perf::clock::now();
  perf::serial_spawn(count);
  return {perf::seconds_since(start), static_cast<double>(count), {}};
}

double bytes_above(std::size_t now, std::size_t before) {
  return static_cast<double>(now) - static_cast<double>(before);
}

/// In a process of its own: the first million, ten more, and what stays afterwards.
perf::findings probe_memory(const enter& rival, int workers, std::int64_t count, milliseconds pause) {
  perf::findings found;
  std::size_t before = 0;
  rival(workers, [&](const spawner& spawn) {
    spawn(1, [] {});
    before = perf::resident_bytes();
    const std::size_t peak_before = perf::peak_bytes();
    std::size_t full = 0;
    const double cold = timed(spawn, count, [&] { full = perf::resident_bytes(); });
    found["cold_ns"] = cold * 1e9 / static_cast<double>(count);
    found["queued_bytes"] = bytes_above(full, before) / static_cast<double>(count);
    const std::size_t first_peak = perf::peak_bytes();
    for (int repeat = 0; repeat < 10; ++repeat) spawn(count, [] {});
    found["peak_bytes"] = bytes_above(perf::peak_bytes(), peak_before) / static_cast<double>(count);
    found["growth_percent"] = 100 * bytes_above(perf::peak_bytes(), first_peak) / static_cast<double>(first_peak);
    found["kept_at_once"] = bytes_above(perf::resident_bytes(), before) / static_cast<double>(count);
    std::this_thread::sleep_for(pause);
    found["kept_later"] = bytes_above(perf::resident_bytes(), before) / static_cast<double>(count);
  });
  found["kept_closed"] = bytes_above(perf::resident_bytes(), before) / static_cast<double>(count);
  return found;
}

/// In a process of its own: what is left while the worker that submitted has nothing to do, for the pause.
perf::findings probe_idle(std::int64_t count, milliseconds pause) {
  perf::findings found;
  perf::with_torc(2, [&] {
    const std::size_t before = perf::resident_bytes();
    perf::torc_spawn_nested(count, [] {});
    // A task that may run on worker 1 only, so that worker 0, which has submitted, stays idle.
    const auto left = torc::submit({.worker = 1, .pinned = true}, torc::local([&] {
                                     std::this_thread::sleep_for(pause);
                                     return bytes_above(perf::resident_bytes(), before);
                                   }));
    found["kept_idle"] = left.result() / static_cast<double>(count);
  });
  return found;
}

struct settings {
  perf::command_line common;
  int count = 0;
  std::string probe;  ///< the name of a rival, or "idle": this is the process of a probe
  int pause_ms = 1500;
};

int run_probe(const settings& set) {
  const int workers = set.common.workers.front();
  const milliseconds pause(set.pause_ms);
  if (set.probe == "idle") {
    perf::print(probe_idle(set.count, pause));
    return 0;
  }
  for (const auto& [name, rival] : rivals()) {
    if (name != set.probe) continue;
    perf::print(probe_memory(rival, workers, set.count, pause));
    return 0;
  }
  fmt::print(stderr, "no rival is named {}\n", set.probe);
  return 1;
}

void record_probes(perf::suite& suite, const settings& set, int rounds) {
  struct row {
    const char* name;
    const char* what;
    const char* unit;
  };
  static constexpr row rows[] = {{"cold_ns", "the first in a fresh process", "ns a task"},
                                 {"queued_bytes", "memory when all are queued", "bytes a task"},
                                 {"peak_bytes", "peak memory of the first and ten repeats", "bytes a task"},
                                 {"growth_percent", "growth of the process's peak memory by ten repeats", "%"},
                                 {"kept_at_once", "memory kept after the last repeat", "bytes a task"},
                                 {"kept_later", "memory kept after a pause, the worker held by a body", "bytes a task"},
                                 {"kept_idle", "memory kept after a pause, the worker idle", "bytes a task"},
                                 {"kept_closed", "memory kept after the session's end", "bytes a task"}};
  const auto measure = [&](const std::string& rival, const std::string& recorded_as, int workers) {
    const auto found = perf::probe({"--probe", rival, "--workers", std::to_string(workers), "--count",
                                    std::to_string(set.count), "--pause", std::to_string(set.pause_ms)});
    for (const row& one : rows) {
      const auto value = found.find(one.name);
      if (value == found.end()) continue;
      // With several workers tasks run while others are being queued, so how many are queued at once is a matter of
      // chance.
      if (workers > 1 && (value->first == "queued_bytes" || value->first == "growth_percent")) continue;
      suite.record({one.what, recorded_as, workers}, one.unit, value->second);
    }
  };
  for (int round = 0; round < rounds; ++round) {
    for (const int workers : set.common.workers) {
      for (const auto& [name, rival] : rivals()) measure(name, name, workers);
    }
    measure("idle", nested_name, 2);
  }
}

void add_targets(perf::suite& suite, const std::string& warm_name) {
  using bound = perf::target::bound;
  for (const int workers : {1, 2}) {
    suite.add_target({{warm_name, nested_name, workers}, {}, bound::at_most, 60});
    suite.add_target({{warm_name, primary_name, workers}, {}, bound::at_most, 120});
  }
  for (const char* name : {nested_name, primary_name}) {
    suite.add_target({{"memory when all are queued", name, 1}, {}, bound::at_most, 200});
    suite.add_target({{"peak memory of the first and ten repeats", name, 1}, {}, bound::at_most, 200});
    suite.add_target({{"growth of the process's peak memory by ten repeats", name, 1}, {}, bound::at_most, 1});
  }
}

}  // namespace

int main(int argc, char** argv) {
  examples::command_line line("Empty tasks submitted by one task, then a wait: time and memory.");
  settings set;
  std::optional<int> count;
  std::optional<int> probe_rounds;
  set.common.add_to(line);
  line.add("--count", count, "how many tasks; a million by default", {1, 100'000'000});
  line.add("--probe-rounds", probe_rounds, "how often memory is measured; each takes a process and seconds");
  line.add("--probe", set.probe, "print one rival's memory figures for the first of the workers, and end");
  line.add("--pause", set.pause_ms, "milliseconds after which memory should be back with the system");
  if (const auto status = line.parse(argc, argv)) return *status;

  set.count = set.common.pick(count, 1'000'000, 20'000);
  if (!set.probe.empty()) return run_probe(set);
  if (set.common.quick) set.pause_ms = std::min(set.pause_ms, 10);

  perf::suite suite("spawn", set.common, perf::tbb_name);
  const std::string what = fmt::format("{} empty tasks submitted by one, warm", set.count);
  suite.add({what, "serial call", 1}, "ns a task", perf::figure::nanoseconds_an_item,
            [&] { return serial(set.count); });
  for (const int workers : set.common.workers) {
    for (const auto& [name, rival] : rivals()) {
      suite.add({what, name, workers}, "ns a task", perf::figure::nanoseconds_an_item,
                [&set, &rival = rival, workers] { return warm(rival, workers, set.count); });
    }
  }
  add_targets(suite, what);
  suite.run(set.common.pick(set.common.rounds, 11, 2), !set.common.quick);
  if (!set.common.filter) record_probes(suite, set, set.common.pick(probe_rounds, 5, 1));
  suite.add_note(
      fmt::format("GNU OpenMP queues 64 tasks a thread and runs the others at once; the pause is {} ms", set.pause_ms));
  return suite.finish();
}
