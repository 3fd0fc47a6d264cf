// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors
#include "lynx_hare.hpp"

#include <algorithm>
#include <array>
#include <boost/numeric/odeint.hpp>
#include <cmath>
#include <sstream>
#include <stdexcept>
#include <variant>

#include "../distributions.hpp"
#include "../embedded.hpp"

namespace tmcmc {

namespace {

namespace odeint = boost::numeric::odeint;

using at = lynx_hare_problem;
using prior = std::variant<positive_normal, log_normal>;

const std::array<prior, at::count>& priors() {
  static const std::array<prior, at::count> all{positive_normal{1.0, 0.5},       positive_normal{0.05, 0.05},
                                                positive_normal{1.0, 0.5},       positive_normal{0.05, 0.05},
                                                log_normal{std::log(10.0), 1.0}, log_normal{std::log(10.0), 1.0},
                                                log_normal{-1.0, 1.0},           log_normal{-1.0, 1.0}};
  return all;
}

/// Logarithms of hare and lynx: in these the system is free of stiffness near extinction, neither population can turn
/// negative, and the integrator's error is a relative one, as the likelihood's is.
using log_state = std::array<double, 2>;

constexpr double tolerance = 1e-6;
constexpr double first_step_years = 0.2;
/// A trial step that is far too long may overshoot by any amount. Up to here its error stays a number, and the step is
/// refused and halved; odeint takes an error that is not a number for a good one. No population comes near.
constexpr double largest_logarithm = 100.0;
/// What leaves these bounds has blown up. Down to here a population may shrink between two outbreaks and come back.
constexpr double least_logarithm = -1e6;
/// Steps between two times after which a run is given up. Runs near the posterior take a few; a hopeless one,
/// thousands.
constexpr int most_steps = 2000;

std::vector<pelt_count> read_counts(const std::string& csv) {
  std::vector<pelt_count> counts;
  std::istringstream lines(csv);
  for (std::string line; std::getline(lines, line);) {
    if (line.empty() || line.front() < '0' || line.front() > '9') continue;  // comments and column names
    pelt_count c;
    char comma = 0;
    if (!(std::istringstream(line) >> c.year >> comma >> c.lynx >> comma >> c.hare)) {
      throw std::runtime_error("the data of lynx and hare have a malformed line: " + line);
    }
    counts.push_back(c);
  }
  return counts;
}

const std::vector<double>& observation_times() {
  static const std::vector<double> times = [] {
    std::vector<double> years;
    for (const pelt_count& c : pelt_counts()) years.push_back(c.year - pelt_counts().front().year);
    return years;
  }();
  return times;
}

/// Calls observe(log_state, time) at each of the times. Returns false if the integration failed.
template <class Observe>
bool integrate(const parameters& x, const std::vector<double>& times, Observe observe) {
  const auto size = [](double logarithm) { return std::exp(std::min(logarithm, largest_logarithm)); };
  const auto system = [&](const log_state& s, log_state& rate, double) {
    rate[0] = x[at::alpha] - x[at::beta] * size(s[1]);
    rate[1] = -x[at::gamma] + x[at::delta] * size(s[0]);
  };
  bool is_sound = true;
  const auto checked = [&](const log_state& s, double time) {
    for (const double logarithm : s) {
      is_sound = is_sound && logarithm > least_logarithm && logarithm < largest_logarithm;  // false for NaN too
    }
    observe(s, time);
  };
  log_state state{std::log(x[at::hare_start]), std::log(x[at::lynx_start])};
  try {
    odeint::integrate_times(odeint::make_controlled<odeint::runge_kutta_fehlberg78<log_state>>(tolerance, tolerance),
                            system, state, times.begin(), times.end(), first_step_years, checked,
                            odeint::max_step_checker(most_steps));
  } catch (const odeint::odeint_error&) {
    return false;
  }
  return is_sound;
}

}  // namespace

const std::vector<pelt_count>& pelt_counts() {
  static const std::vector<pelt_count> counts = read_counts(embedded::lynx_hare_csv);
  return counts;
}

std::vector<std::string> lynx_hare_problem::parameter_names() const {
  return {"alpha", "beta", "gamma", "delta", "u(0)", "v(0)", "sigma_u", "sigma_v"};
}

parameters lynx_hare_problem::sample_prior(generator& random) const {
  parameters x;
  for (const prior& p : priors()) x.push_back(std::visit([&](const auto& d) { return d.sample(random); }, p));
  return x;
}

double lynx_hare_problem::log_prior(const parameters& x) const {
  double sum = 0.0;
  for (std::size_t i = 0; i < count; ++i) {
    sum += std::visit([&](const auto& d) { return d.log_density(x[i]); }, priors()[i]);
  }
  return sum;
}

std::optional<double> lynx_hare_problem::log_likelihood(const parameters& x) const {
  double sum = 0.0;
  auto observed = pelt_counts().begin();
  const bool is_complete = integrate(x, observation_times(), [&](const log_state& s, double) {
    sum += log_normal{s[0], x[at::hare_error]}.log_density(observed->hare);
    sum += log_normal{s[1], x[at::lynx_error]}.log_density(observed->lynx);
    ++observed;
  });
  if (!is_complete) return std::nullopt;
  return sum;
}

std::optional<std::vector<predator_and_prey>> lynx_hare_course(const parameters& x, const std::vector<double>& times) {
  std::vector<predator_and_prey> course;
  const bool is_complete = integrate(x, times, [&](const log_state& s, double) {
    course.push_back({std::exp(s[0]), std::exp(s[1])});
  });
  if (!is_complete) return std::nullopt;
  return course;
}

}  // namespace tmcmc
