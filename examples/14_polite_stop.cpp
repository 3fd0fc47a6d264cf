// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors

// Many tasks of which not all need to run: the job ends in order once there are enough results, when its time is out,
// or at Ctrl-C, and what is done by then counts. Here pi is estimated: of random points in a square, pi / 4 hit the
// quarter of a circle.

#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <map>
#include <random>
#include <stdexcept>
#include <string>
#include <torc/torc.hpp>
#include <vector>

namespace {

struct settings {
  bool is_help = false;
  double points = 1e7;
  double error = 2e-4;
  double seconds = 60;
};

struct count {
  double points = 0;
  double hits = 0;

  template <class Archive>
  void serialize(Archive& archive) {
    archive(points, hits);
  }
  void add(const count& other) {
    points += other.points;
    hits += other.hits;
  }
  double estimate() const { return 4 * hits / points; }
  double standard_error() const { return std::sqrt(estimate() * (4 - estimate()) / points); }
};

/// Looks now and then whether it should end early, and then returns what it has.
count throw_points(double most) {
  count made;
  std::uniform_real_distribution<double> uniform;
  while (made.points < most && !torc::stop_requested()) {
    for (int i = 0; i < 1000; ++i) {
      const double x = uniform(torc::task_rng());
      const double y = uniform(torc::task_rng());
      if (x * x + y * y < 1) ++made.hits;
    }
    made.points += 1000;
  }
  return made;
}

int run(const settings& given) {
  count all;
  const auto add = [&all](const auto& tasks) {
    for (const auto& task : tasks) {
      try {
        all.add(task.result());
      } catch (const torc::cancelled_error&) {  // it had not begun
      }
    }
  };

  std::vector<torc::future<count(double)>> open;
  const char* reason = nullptr;
  const double end = torc::gettime() + given.seconds;
  while (reason == nullptr) {
    // Two for each worker, so that none has to wait for the next, and few are left in the end.
    while (open.size() < 2 * static_cast<std::size_t>(torc::num_workers()))
      open.push_back(torc::submit(throw_points, given.points));
    const auto [done, not_done] = torc::wait(open, end - torc::gettime(), torc::first_completed);
    add(done);
    open = not_done;
    if (!done.empty()) std::printf("pi = %.5f +- %.5f\n", all.estimate(), all.standard_error());
    std::fflush(stdout);
    if (torc::stop_requested()) {
      reason = "it was told to stop";
    } else if (all.standard_error() < given.error) {
      reason = "there are enough results";
    } else if (torc::gettime() >= end) {
      reason = "the time is out";
    }
  }

  // What has begun ends soon, and counts too.
  for (const auto& task : open) task.cancel();
  torc::wait();
  add(open);
  if (all.points == 0)
    std::printf("%s before anything was done\n", reason);
  else
    std::printf("%s: pi = %.5f +- %.5f from %g points\n", reason, all.estimate(), all.standard_error(), all.points);
  return 0;
}

int refuse(const std::string& problem) {
  std::fprintf(stderr, "14_polite_stop: %s (--help explains the options)\n", problem.c_str());
  return 2;
}

int help() {
  std::puts(
      "usage: 14_polite_stop [OPTION...]\n"
      "Estimates pi from random points until there are enough, the time is out, or Ctrl-C is pressed.\n"
      "  --points N    that a task makes (1e7)\n"
      "  --error E     the standard error that is small enough (2e-4)\n"
      "  --seconds S   the longest to wait for results (60)");
  return 0;
}

/// Throws std::invalid_argument for what is no option.
settings read(int argc, char** argv) {
  settings given;
  const std::map<std::string, double*> numbers{
      {"--points", &given.points}, {"--error", &given.error}, {"--seconds", &given.seconds}};
  for (int i = 1; i < argc; i += 2) {
    const std::string name = argv[i];
    const std::string value = i + 1 < argc ? argv[i + 1] : "";
    if (name == "--help") {
      given.is_help = true;
      return given;
    }
    const auto number = numbers.find(name);
    if (number == numbers.end()) throw std::invalid_argument(name + " is no option");
    char* end = nullptr;
    *number->second = std::strtod(value.c_str(), &end);
    if (value.empty() || *end != '\0' || !(*number->second > 0 && *number->second <= 1e12))
      throw std::invalid_argument(name + " takes a number above 0, not '" + value + "'");
  }
  return given;
}

}  // namespace

int main(int argc, char** argv) {
  return torc::start(argc, argv, [&] {
    try {
      const settings given = read(argc, argv);
      return given.is_help ? help() : run(given);
    } catch (const std::invalid_argument& wrong) {
      return refuse(wrong.what());
    }
  });
}
