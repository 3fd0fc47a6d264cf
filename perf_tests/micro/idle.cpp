// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors

// What idle workers take from the machine: three workers, of which one sleeps in the body of a task that the primary
// task waits for. So two have nothing to do.

#include <fmt/format.h>
#include <oneapi/tbb/task_group.h>

#include <chrono>
#include <optional>
#include <string>
#include <thread>

#include "support/processor_time.hpp"
#include "support/suite.hpp"
#include "support/teams.hpp"

namespace {

using seconds = std::chrono::duration<double>;

/// The processor time that `wait` takes, as seconds, with the time that passed as items.
template <class Wait>
perf::outcome cost_of(Wait wait, const std::string& wakes) {
  const auto start = perf::clock::now();
  const auto before = perf::processor_time::now();
  wait();
  const auto used = perf::processor_time::now() - before;
  const double passed = perf::seconds_since(start);
  return {used.seconds, passed, {{wakes, "a second", static_cast<double>(used.waits) / passed}}};
}

}  // namespace

int main(int argc, char** argv) {
  examples::command_line line("The processor time that idle workers use.");
  perf::command_line options;
  options.workers = {3};
  options.add_to(line);
  std::optional<double> chosen;
  line.add("--seconds", chosen, "how long they are idle; 5 by default", {0.01, 3600.0});
  if (const auto status = line.parse(argc, argv)) return *status;

  const seconds pause(options.pick(chosen, 5.0, 0.1));
  perf::suite suite("idle", options);
  const std::string what = "processor time of a process whose workers but one are idle";
  const std::string wakes = "times that a thread went to sleep";
  const auto nap = [pause] { std::this_thread::sleep_for(pause); };
  suite.add({what, "a sleeping thread", 1}, "% of a core", perf::figure::percent, [=] { return cost_of(nap, wakes); });
  for (const int workers : options.workers) {
    suite.add({what, perf::tbb_name, workers}, "% of a core", perf::figure::percent, [=] {
      perf::outcome found;
      perf::with_tbb(workers, [&] {
        oneapi::tbb::task_group group;
        for (int i = 0; i < 1000; ++i) group.run([] {});
        group.wait();
        found = cost_of([&] { group.run_and_wait(nap); }, wakes);
      });
      return found;
    });
    suite.add({what, perf::torc_name, workers}, "% of a core", perf::figure::percent, [=] {
      perf::outcome found;
      perf::with_torc(workers, [&] { found = cost_of([&] { torc::submit(torc::local(nap)).result(); }, wakes); });
      return found;
    });
    suite.add_target({{what, perf::torc_name, workers}, {}, perf::target::bound::at_most, 0.5});
  }
  suite.add_note(fmt::format("each measured for {} s", pause.count()));
  suite.run(options.pick(options.rounds, 3, 1), false);
  return suite.finish();
}
