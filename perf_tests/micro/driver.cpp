// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors

// What torc's driver of a device adds to kernels: on a device whose kernels are nothing but time, beside a thread that
// launches them by hand and asks for their end without a pause.

#include <fmt/format.h>

#include <chrono>
#include <numeric>
#include <optional>
#include <stdexcept>
#include <string>
#include <vector>

#include "core/runtime/session.hpp"
#include "support/processor_time.hpp"
#include "support/suite.hpp"
#include "support/teams.hpp"
#include "support/timed_device.hpp"

namespace {

using std::chrono::microseconds;

void spin_until_ready(perf::timed_stream& stream) {
  stream.record();
  while (!stream.is_ready()) {
  }
}

/// The time and the processors that `work` takes.
template <class Work>
perf::outcome cost_of(int count, const std::string& load, Work work) {
  const auto before = perf::processor_time::now();
  const auto start = perf::clock::now();
  work();
  const double seconds = perf::seconds_since(start);
  const auto used = perf::processor_time::now() - before;
  return {seconds, static_cast<double>(count), {{load, "% of a core", 100 * used.seconds / seconds}}};
}

/// What kernels last, one after another and again.
struct kernels {
  std::string name;
  std::vector<int> us;
  int of(int i) const { return us[static_cast<std::size_t>(i) % us.size()]; }
  double mean_us() const { return std::accumulate(us.begin(), us.end(), 0.0) / static_cast<double>(us.size()); }
};

perf::outcome by_hand(int count, const kernels& work, int streams, const std::string& load) {
  std::vector<perf::timed_stream> all(static_cast<std::size_t>(streams));
  return cost_of(count, load, [&] {
    for (int i = 0; i < count; ++i) {
      perf::timed_stream& next = all[static_cast<std::size_t>(i % streams)];
      spin_until_ready(next);
      next.enqueue(microseconds(work.of(i)));
    }
    for (perf::timed_stream& one : all) spin_until_ready(one);
  });
}

void launch(const perf::timed_space& exec, int kernel_us) { exec.stream->enqueue(microseconds(kernel_us)); }

perf::outcome by_torc(int count, const kernels& work, int slots, int workers, const std::string& load) {
  torc::options options;
  options.workers = workers;
  options.device_slots = slots;
  options.stats = 0;
  perf::outcome found;
  const int status = torc::runtime::start(options, {perf::timed_backend()}, [&] {
    torc::submit(torc::on<perf::timed_space>, launch, 0).result();
    found = cost_of(count, load, [&] {
      if (slots == 1) {
        for (int i = 0; i < count; ++i) torc::submit(torc::on<perf::timed_space>, launch, work.of(i)).result();
      } else {
        for (int i = 0; i < count; ++i) torc::submit(torc::on<perf::timed_space>, launch, work.of(i));
        torc::wait();
      }
    });
    return 0;
  });
  if (status != 0) throw std::runtime_error(fmt::format("torc ended with status {}", status));
  return found;
}

}  // namespace

int main(int argc, char** argv) {
  examples::command_line line("Device tasks on a device whose kernels are nothing but time.");
  perf::command_line options;
  options.workers = {1};
  options.add_to(line);
  int slots = 4;
  line.add("--slots", slots, "of the device where many tasks are in flight, and streams by hand", {2, 128});
  if (const auto status = line.parse(argc, argv)) return *status;

  constexpr const char* hand = "by hand, spinning";
  perf::suite suite("driver", options, hand);
  const double seconds = options.quick ? 0.002 : 0.2;
  for (const int workers : options.workers) {
    for (const kernels& work : {kernels{"0 us", {0}}, kernels{"5 us", {5}}, kernels{"50 us", {50}},
                                kernels{"50 and 700 us", {700, 700, 700, 50}}, kernels{"1000 us", {1000}}}) {
      for (const int in_flight : {1, slots}) {
        const int count = static_cast<int>(seconds * 1e6 * in_flight / (work.mean_us() + 2)) + 2 * in_flight;
        const std::string what =
            fmt::format("kernels of {}, {}", work.name,
                        in_flight == 1 ? std::string("one at a time") : fmt::format("many on {} slots", in_flight));
        const std::string load = "processor time of the process: " + what;
        suite.add({what, hand, workers}, "us a kernel", perf::figure::microseconds_an_item,
                  [=] { return by_hand(count, work, in_flight, load); });
        suite.add({what, perf::torc_name, workers}, "us a kernel", perf::figure::microseconds_an_item,
                  [=] { return by_torc(count, work, in_flight, workers, load); });
      }
    }
  }
  suite.add_note("On a GPU the goals are at most 5 us more than by hand one at a time, and 90 % of its throughput.");
  suite.run(options.pick(options.rounds, 5, 1), !options.quick);
  return suite.finish();
}
