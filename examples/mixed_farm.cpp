// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors

// One farm of tasks of three kinds at the same time: some for workers, some for the device, and some for whichever is
// free first. Each integrates 4 / (1 + x^2) from 0 to 1, which is pi.

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <torc/kokkos.hpp>
#include <torc/torc.hpp>
#include <vector>

#include "command_line.hpp"

namespace {

using space = Kokkos::DefaultExecutionSpace;

struct answer {
  double pi = 0;
  int is_of_device = 0;

  template <class Archive>
  void serialize(Archive& archive) {
    archive(pi, is_of_device);
  }
};

struct integrand {
  double width;
  KOKKOS_FUNCTION void operator()(int i, double& sum) const {
    const double x = (i + 0.5) * width;
    sum += 4 * width / (1 + x * x);
  }
};

answer on_worker(int intervals) {
  const integrand f{1.0 / intervals};
  double sum = 0;
  for (int i = 0; i < intervals; ++i) f(i, sum);
  return {sum, 0};
}

answer on_device(const space& exec, int intervals) {
  double sum = 0;
  Kokkos::parallel_reduce("pi", Kokkos::RangePolicy<space>(exec, 0, static_cast<std::size_t>(intervals)),
                          integrand{1.0 / intervals}, sum);
  return {sum, 1};
}

int run(int argc, char** argv) {
  int tasks = 300;
  int intervals = 1'000'000;
  examples::command_line line("A farm of tasks for workers, for the device, and for whichever is free first.",
                              "mixed_farm");
  line.add("--tasks", tasks, "of each kind", {1, 1'000'000});
  line.add("--intervals", intervals, "of each integration", {1, 1'000'000'000});
  if (const auto status = line.parse(argc, argv)) return *status;

  const auto start = torc::gettime();
  std::vector<torc::future<answer>> all;
  for (int i = 0; i < tasks; ++i) {
    all.push_back(torc::submit(on_worker, intervals));
    all.push_back(torc::submit(torc::on_device, on_device, intervals));
    all.push_back(torc::submit(torc::on_any(on_worker, on_device), intervals));
  }
  std::array<int, 2> counts{};
  double worst = 0;
  for (const auto& task : torc::as_completed(all)) {
    const answer found = task.result();
    ++counts[static_cast<std::size_t>(found.is_of_device)];
    worst = std::max(worst, std::abs(found.pi - std::acos(-1.0)));
  }
  fmt::print("{} tasks on workers, {} on {}, largest error {:.0e}, in {:.2f} s\n", counts[0], counts[1], space::name(),
             worst, torc::gettime() - start);
  return 0;
}

}  // namespace

int main(int argc, char** argv) {
  return torc::start(argc, argv, [&] { return run(argc, argv); });
}
