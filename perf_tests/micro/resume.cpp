// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors

// A wait that must suspend, readied by another worker: how long until the task goes on.

#include <fmt/format.h>

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "rivals/resume/samples.hpp"
#include "rivals/resume/tbb.hpp"
#include "rivals/resume/threads.hpp"
#include "rivals/resume/torc.hpp"
#include "support/statistics.hpp"
#include "support/suite.hpp"
#include "support/teams.hpp"

namespace {

std::string back_name(const std::string& what) { return what + ", back: ended until resumed"; }

/// The median round trip, with its parts and the tail as further figures.
perf::outcome summary(const std::string& what, const perf::round_trips& found) {
  const std::string unit = "ns";
  return {perf::median(found.whole()) * 1e-9,
          1,
          {{what + ", 99 % of them", unit, perf::quantile(found.whole(), 0.99)},
           {what + ", there: submitted until begun", unit, perf::median(found.there())},
           {back_name(what), unit, perf::median(found.back())}}};
}

}  // namespace

int main(int argc, char** argv) {
  examples::command_line line(
      "A wait that must suspend its task, which another worker readies. Always with two workers.");
  perf::command_line options;
  options.workers = {2};
  options.add_to(line);
  std::optional<int> chosen;
  line.add("--count", chosen, "round trips a round; 10000 by default, fewer for long ones", {1, 10'000'000});
  if (const auto status = line.parse(argc, argv)) return *status;
  const int count = options.pick(chosen, 10'000, 100);

  struct length {
    std::string text;
    std::int64_t ns;
    int count;
  };
  // While the other computes briefly both stay awake; in 2 ms an idle worker has gone to sleep.
  const std::vector<length> lengths = {
      {"nothing", 0, count}, {"20 us", 20'000, count}, {"2 ms", 2'000'000, count / 50}};

  perf::suite suite("resume", options);
  for (const length& one : lengths) {
    const std::string what = fmt::format("round trip to a worker that computes {}", one.text);
    using measure = perf::round_trips (*)(int, std::int64_t);
    const auto add = [&](const char* rival, measure run) {
      suite.add({what, rival, 2}, "ns, median of a round", perf::figure::nanoseconds_an_item,
                [=] { return summary(what, run(one.count, one.ns)); });
    };
    add("spinning threads", perf::spinning_threads);
    add("sleeping threads", perf::sleeping_threads);
    add("oneTBB suspend", perf::tbb_resume);
    add(perf::torc_name, perf::torc_resume);
    if (one.ns == 0) {
      suite.add_target({{what, perf::torc_name, 2}, {}, perf::target::bound::at_most, 1000});
      suite.add_target({{back_name(what), perf::torc_name, 2}, {}, perf::target::bound::at_most, 1000});
    }
  }
  const auto add_own = [&](const char* name, bool is_suspending) {
    suite.add({"own child on one worker", name, 1}, "ns a child", perf::figure::nanoseconds_an_item, [=] {
      return perf::outcome{perf::torc_own_child(count, is_suspending) * 1e-9, 1, {}};
    });
  };
  add_own("torc, run inline", false);
  add_own("torc, wait suspends", true);
  suite.run(options.pick(options.rounds, 7, 2), !options.quick);
  return suite.finish();
}
