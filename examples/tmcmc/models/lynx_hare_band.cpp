// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors
#include "lynx_hare_band.hpp"

#include <algorithm>
#include <boost/random/normal_distribution.hpp>
#include <cmath>
#include <cstddef>
#include <torc/torc.hpp>
#include <utility>

#include "../summary.hpp"

namespace tmcmc {

namespace {

constexpr std::size_t most_courses = 2000;
constexpr int times_per_year = 10;

std::vector<double> band_times() {
  const int years = pelt_counts().back().year - pelt_counts().front().year;
  std::vector<double> times;
  for (int i = 0; i <= years * times_per_year; ++i) times.push_back(static_cast<double>(i) / times_per_year);
  return times;
}

/// Task: both populations at the band's times, or nothing if the run fails.
std::vector<predator_and_prey> course(const parameters& x) {
  return lynx_hare_course(x, band_times()).value_or(std::vector<predator_and_prey>{});
}

std::vector<parameters> evenly_chosen(const std::vector<sample>& samples) {
  std::vector<parameters> chosen;
  const std::size_t count = std::min(samples.size(), most_courses);
  for (std::size_t i = 0; i < count; ++i) chosen.push_back(samples[i * samples.size() / count].x);
  return chosen;
}

/// A possible course, and the factors by which a count at any one time would differ from it.
struct possible_course {
  std::vector<predator_and_prey> values;
  double hare_factor = 1.0;
  double lynx_factor = 1.0;
};

band band_of(std::vector<double> values, std::vector<double> counts) {
  std::sort(values.begin(), values.end());
  std::sort(counts.begin(), counts.end());
  return {quantile(values, 0.5), quantile(values, 0.05), quantile(values, 0.95), quantile(counts, 0.05),
          quantile(counts, 0.95)};
}

band band_at(const std::vector<possible_course>& courses, std::size_t time, double predator_and_prey::*population,
             double possible_course::*factor) {
  std::vector<double> values;
  std::vector<double> counts;
  for (const possible_course& c : courses) {
    values.push_back(c.values[time].*population);
    counts.push_back(values.back() * c.*factor);
  }
  return band_of(std::move(values), std::move(counts));
}

}  // namespace

std::vector<bands> lynx_hare_bands(const std::vector<sample>& samples, std::uint64_t seed) {
  const std::vector<parameters> chosen = evenly_chosen(samples);
  const auto values = torc::map(torc::map_options{.chunksize = 16}, course, chosen);

  std::vector<possible_course> courses;
  generator random = torc::rng(seed, "errors of counts");
  boost::random::normal_distribution<double> normal;
  for (std::size_t i = 0; i < chosen.size(); ++i) {
    if (values[i].empty()) continue;
    const double hare_factor = std::exp(chosen[i][lynx_hare_problem::hare_error] * normal(random));
    const double lynx_factor = std::exp(chosen[i][lynx_hare_problem::lynx_error] * normal(random));
    courses.push_back({values[i], hare_factor, lynx_factor});
  }

  std::vector<bands> result;
  if (courses.empty()) return result;
  const std::vector<double> times = band_times();
  for (std::size_t t = 0; t < times.size(); ++t) {
    result.push_back({pelt_counts().front().year + times[t],
                      band_at(courses, t, &predator_and_prey::hare, &possible_course::hare_factor),
                      band_at(courses, t, &predator_and_prey::lynx, &possible_course::lynx_factor)});
  }
  return result;
}

}  // namespace tmcmc
