// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors

// A map whose function takes a large argument that is the same for all elements: torc::same sends it once to each other
// node, however many elements there are, where an argument like any other would be sent with every task.

#include <atomic>
#include <cmath>
#include <cstdio>
#include <numeric>
#include <string>
#include <torc/torc.hpp>
#include <vector>

namespace {

std::atomic<int> arrivals = 0;  // of tables on this node: each node has its own

/// Values of a function on a grid, 8 MB of them.
struct table {
  std::vector<double> values;

  template <class Archive>
  void save(Archive& archive) const {
    archive(values);
  }
  template <class Archive>
  void load(Archive& archive) {
    archive(values);
    ++arrivals;
  }
};

double look_up(const table& sines, double x) {
  return sines.values[static_cast<std::size_t>(std::lround(x * static_cast<double>(sines.values.size() - 1)))];
}

void run() {
  table sines{.values = std::vector<double>(1 << 20)};
  for (std::size_t i = 0; i < sines.values.size(); ++i)
    sines.values[i] = std::sin(static_cast<double>(i) / static_cast<double>(sines.values.size() - 1));
  std::vector<double> points(201);
  for (std::size_t i = 0; i < points.size(); ++i) points[i] = static_cast<double>(i) / 200;

  const std::vector<double> results = torc::map(look_up, torc::same(sines), points);
  std::printf("mean of the sine from 0 to 1: %.4f\n",
              std::accumulate(results.begin(), results.end(), 0.0) / static_cast<double>(results.size()));

  const std::vector<int> counts = torc::spmd([] { return arrivals.load(); });
  std::printf("%zu elements on %d nodes, and the table travelled %d times\n", points.size(), torc::num_nodes(),
              std::accumulate(counts.begin(), counts.end(), 0));
}

int usage(const std::string& argument) {
  const bool is_help = argument == "--help";
  std::fputs("usage: 13_large_argument, without arguments: a map with an argument of 8 MB\n",
             is_help ? stdout : stderr);
  return is_help ? 0 : 2;
}

}  // namespace

int main(int argc, char** argv) {
  return torc::start(argc, argv, [&] {
    if (argc > 1) return usage(argv[1]);
    run();
    return 0;
  });
}
