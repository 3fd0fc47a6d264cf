// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors

// Minimises Rosenbrock's function by CMA-ES: each generation is evaluated by a parallel map.

#include <fmt/ranges.h>

#include <torc/torc.hpp>
#include <vector>

#include "cma_es.hpp"
#include "command_line.hpp"

namespace {

/// What travels to the tasks in place of Eigen's vectors.
using point = std::vector<double>;

point to_point(const Eigen::VectorXd& x) { return {x.begin(), x.end()}; }

double rosenbrock(const point& x) {
  double sum = 0;
  for (std::size_t i = 0; i + 1 < x.size(); ++i) {
    const double a = x[i] * x[i] - x[i + 1];
    const double b = x[i] - 1;
    sum += 100 * a * a + b * b;
  }
  return sum;
}

int run(int argc, char** argv) {
  cmaes::options options{.population = 8};
  examples::command_line line("Minimises Rosenbrock's function of two variables by CMA-ES.", "08_cmaes");
  line.add("--seed", options.seed, "of the search; the same seed gives the same search", {.least = 0});
  if (const auto status = line.parse(argc, argv)) return *status;

  cmaes::cma_es search(Eigen::VectorXd::Zero(2), 0.5, options);
  fmt::print("{:>6} {:>7} {:>22} {:>10} {:>9}\n", "Iterat", "#Fevals", "function value", "axis ratio", "sigma");
  while (search.stop() == cmaes::stop_reason::none) {
    const auto solutions = search.ask();
    std::vector<point> points;
    for (const auto& solution : solutions) points.push_back(to_point(solution));
    search.tell(solutions, torc::map(rosenbrock, points));
    if (search.generation() <= 3 || search.generation() % 10 == 0)
      fmt::print("{:>6} {:>7} {:>22.15e} {:>10.2e} {:>9.2e}\n", search.generation(), search.result().evaluations,
                 search.result().value, search.axis_ratio(), search.sigma());
  }
  fmt::print("minimum {:.3e} at {::.6f} after {} evaluations, ended by {}\n", search.result().value,
             to_point(search.result().solution), search.result().evaluations, name(search.stop()));
  return 0;
}

}  // namespace

int main(int argc, char** argv) {
  return torc::start(argc, argv, [&] { return run(argc, argv); });
}
