// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors

// Molecular dynamics as one device task, by number of atoms, beside what bounds it: the arithmetic of its pairs without
// their memory, the reading of its neighbour lists without their arithmetic, and its launches without any work.

#include "argon/simulate.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <numbers>
#include <optional>
#include <stdexcept>
#include <string>
#include <vector>

#include "argon/neighbours.hpp"
#include "support/kokkos/kernels.hpp"
#include "support/suite.hpp"
#include "support/teams.hpp"

namespace {

using argon::lanes;

/// Neighbours in a list: as many as its sphere holds on average, rounded up to lanes. Lists of argon may be filled up
/// further, so what is measured with it bounds argon from above.
int listed_neighbours(const argon::state& s) {
  const double reach = s.cutoff + argon::neighbours::skin;
  const double inside = 4.0 / 3 * std::numbers::pi * reach * reach * reach * s.density;
  return static_cast<int>(std::ceil(inside / lanes)) * lanes;
}

/// The forces of so many pairs an atom, whose distances are made up in registers.
struct pair_arithmetic {
  int pairs;
  double cutoff_squared;
  argon::numbers result;

  KOKKOS_FUNCTION void operator()(int i) const {
    double fx[lanes] = {};
    double fy[lanes] = {};
    double fz[lanes] = {};
    double dx[lanes];
    for (int lane = 0; lane < lanes; ++lane) dx[lane] = 1 + 0.1 * lane + 1e-9 * i;
    for (int k = 0; k < pairs; k += lanes) {
      for (int lane = 0; lane < lanes; ++lane) {
        const double dy = 0.9 * dx[lane];
        const double dz = 1.1 * dx[lane];
        const double r_squared = dx[lane] * dx[lane] + dy * dy + dz * dz;
        const double two = (r_squared < cutoff_squared ? 1.0 : 0.0) / r_squared;
        const double six = two * two * two;
        const double f = 24 * six * (2 * six - 1) * two;
        fx[lane] += f * dx[lane];
        fy[lane] += f * dy;
        fz[lane] += f * dz;
        dx[lane] += 1e-3;
      }
    }
    double sum = 0;
    for (int lane = 0; lane < lanes; ++lane) sum += fx[lane] + fy[lane] + fz[lane];
    result(i) = sum;
  }
};

/// All lists once.
struct read_lists {
  argon::lists listed;
  int pairs;
  argon::integers result;

  KOKKOS_FUNCTION void operator()(int i) const {
    int sum[lanes] = {};
    for (int k = 0; k < pairs; k += lanes) {
      for (int lane = 0; lane < lanes; ++lane) sum[lane] += listed(i, k + lane);
    }
    int total = 0;
    for (const int one : sum) total += one;
    result(i) = total;
  }
};

/// Seconds that one device task needs for so many calls of `launch` and the device's work, once it is warm.
template <class Launch>
double time_launches(const argon::space& exec, int calls, const Launch& launch) {
  launch();
  torc::fence(exec);
  const auto start = perf::clock::now();
  for (int i = 0; i < calls; ++i) launch();
  torc::fence(exec);
  return perf::seconds_since(start);
}

double run_pairs(const argon::space& exec, const argon::state& s) {
  const pair_arithmetic kernel{listed_neighbours(s), s.cutoff * s.cutoff,
                               argon::on_scratch<argon::numbers>(exec, s.atoms)};
  return time_launches(exec, s.steps, [&] { Kokkos::parallel_for("pairs", argon::each(exec, s.atoms), kernel); });
}

double run_lists(const argon::space& exec, const argon::state& s) {
  const int pairs = listed_neighbours(s);
  const read_lists kernel{argon::on_scratch<argon::lists>(exec, s.atoms, pairs), pairs,
                          argon::on_scratch<argon::integers>(exec, s.atoms)};
  Kokkos::deep_copy(exec, kernel.listed, 1);
  return time_launches(exec, s.steps, [&] { Kokkos::parallel_for("lists", argon::each(exec, s.atoms), kernel); });
}

/// A step of argon moves the atoms, shows them to those who look for neighbours, and computes the forces.
double run_launches(const argon::space& exec, const argon::state& s) {
  return time_launches(exec, s.steps, [&] {
    for (int i = 0; i < 3; ++i) perf::launch_nothing(exec);
  });
}

perf::outcome simulate(const argon::state& s) {
  const argon::summary found = torc::submit(torc::on_device, argon::simulate, s).result();
  // Its pressure and energy are the tests' matter; here only that it has not gone astray.
  if (!(std::abs(found.temperature.mean / s.temperature - 1) < 0.2))
    throw std::runtime_error(fmt::format("argon: temperature {} instead of {}", found.temperature.mean, s.temperature));
  return {found.seconds, static_cast<double>(s.atoms) * s.steps, {}};
}

perf::outcome bound(double (*run)(const argon::space&, const argon::state&), const argon::state& s) {
  return {torc::submit(torc::on_device, run, s).result(), static_cast<double>(s.atoms) * s.steps, {}};
}

}  // namespace

int main(int argc, char** argv) {
  examples::command_line line("Molecular dynamics of argon as one device task, beside what bounds it.");
  perf::command_line options;
  options.add_without_workers_to(line);
  std::vector<int> sizes;
  line.add("--atoms", sizes, "500, 4000, 32000 and 100000 by default", {200, 10'000'000});
  double millions = perf::has_gpu ? 100 : 1;
  line.add("--work", millions, "million atom-steps a measurement, but at most 20000 steps", {0.001, 1e6});
  if (const auto status = line.parse(argc, argv)) return *status;
  if (sizes.empty()) sizes = options.quick ? std::vector<int>{500} : std::vector<int>{500, 4000, 32'000, 100'000};
  if (options.quick) millions = 0.02;

  constexpr const char* whole = "torc, argon";
  perf::suite suite("argon", options, whole, perf::kokkos_facts());
  constexpr const char* unit = "M atom-steps/s";
  for (const int atoms : sizes) {
    argon::state s;
    s.atoms = atoms;
    s.equilibration = options.quick ? 100 : 500;
    s.steps = static_cast<int>(std::clamp(millions * 1e6 / atoms, 2.0 * s.sample_every, 20'000.0));
    const std::string what = fmt::format("{} atoms, {} steps", s.atoms, s.steps);
    const auto in_session = [s](auto run) {
      return [=] {
        perf::outcome found;
        perf::with_torc_device(1, 1, [&] { found = run(s); });
        return found;
      };
    };
    suite.add({what, whole, 1}, unit, perf::figure::million_items_a_second,
              in_session([](const argon::state& of) { return simulate(of); }));
    suite.add({what, "arithmetic of the pairs", 1}, unit, perf::figure::million_items_a_second,
              in_session([](const argon::state& of) { return bound(run_pairs, of); }));
    suite.add({what, "reading the lists", 1}, unit, perf::figure::million_items_a_second,
              in_session([](const argon::state& of) { return bound(run_lists, of); }));
    suite.add({what, "launching three kernels a step", 1}, unit, perf::figure::million_items_a_second,
              in_session([](const argon::state& of) { return bound(run_launches, of); }));
  }
  suite.add_note("The other rows are what argon could not exceed if it did that part alone.");
  suite.run(options.pick(options.rounds, 3, 1), false);
  const int status = suite.finish();
  torc::finalize();
  return status;
}
