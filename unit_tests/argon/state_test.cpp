// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors
#include "argon/state.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <functional>
#include <stdexcept>
#include <string>
#include <vector>

#include "argon/averages.hpp"
#include "argon/nist.hpp"
#include "argon/noise.hpp"

namespace {

using argon::state;

TEST(argon_state, what_cannot_be_simulated_is_refused_by_name) {
  const auto message = [](const std::function<void(state&)>& spoil) {
    state s;
    spoil(s);
    try {
      argon::check(s);
    } catch (const std::invalid_argument& e) {
      return std::string(e.what());
    }
    return std::string("nothing");
  };
  EXPECT_EQ(message([](state&) {}), "nothing");
  EXPECT_EQ(message([](state& s) { s.atoms = 1; }), "1 atoms: take from 2 to 10000000");
  EXPECT_EQ(message([](state& s) { s.density = -1; }), "density -1: take one above 0 and up to 1.5");
  EXPECT_EQ(message([](state& s) { s.density = std::nan(""); }), "density nan: take one above 0 and up to 1.5");
  EXPECT_EQ(message([](state& s) { s.temperature = 0; }), "temperature 0: take one above 0 and up to 100");
  EXPECT_EQ(message([](state& s) { s.timestep = 1; }), "time step 1: take one above 0 and up to 0.02");
  EXPECT_EQ(message([](state& s) { s.cutoff = 1; }), "cutoff 1: take at least 1.5");
  EXPECT_NE(message([](state& s) { s.atoms = 100; }).find("take more atoms (at least 168)"), std::string::npos);
  EXPECT_NE(message([](state& s) { s.steps = 10; }).find("too few samples"), std::string::npos);
  EXPECT_NE(message([](state& s) { s.friction = 1000; }).find("friction 1000"), std::string::npos);
}

TEST(argon_state, so_many_atoms_as_a_message_asks_for_are_enough) {
  state s;
  s.atoms = 168;
  EXPECT_NO_THROW(argon::check(s));
}

// By quadrature of the pair potential and the virial over a sphere's outside.
TEST(argon_state, corrections_beyond_the_cutoff_are_the_integrals) {
  const double cutoff = 2.7;
  const double density = 0.8;
  double energy = 0;
  double virial = 0;
  const double h = 1e-4;
  for (double r = cutoff + h / 2; r < 200; r += h) {
    const double six = std::pow(r, -6);
    energy += 4 * six * (six - 1) * r * r * h;
    virial += 24 * six * (2 * six - 1) * r * r * h;
  }
  const double pi = std::acos(-1.0);
  EXPECT_NEAR(argon::energy_beyond(cutoff, density), 2 * pi * density * energy, 1e-6);
  EXPECT_NEAR(argon::pressure_beyond(cutoff, density), 2.0 / 3 * pi * density * density * virial, 1e-5);
}

TEST(argon_averages, of_correlated_values_the_error_is_not_too_small) {
  // Each value twenty times: the error is that of a twentieth of them.
  std::vector<double> few;
  std::vector<double> many;
  double x = 0.3;
  for (int i = 0; i < 2000; ++i) {
    x = 3.99 * x * (1 - x);
    few.push_back(x);
    many.insert(many.end(), 20, x);
  }
  const auto expected = argon::block_average(few);
  const auto found = argon::block_average(many);
  EXPECT_NEAR(found.mean, expected.mean, 1e-12);
  EXPECT_GT(found.error, 0.7 * expected.error);
  EXPECT_LT(found.error, 1.6 * expected.error);
}

/// A harmonic oscillator at temperature T: its x^2, sampled with a spring of 1, reweighted to one of 1 + `stiffer`.
argon::estimate stiffened(double stiffer, double temperature) {
  std::vector<double> squares;
  std::vector<double> change;
  for (std::uint32_t i = 0; i < 20000; ++i) {
    for (const double x : argon::gaussian_noise(3, i, 0).value) {
      squares.push_back(x * x * temperature);
      change.push_back(stiffer * squares.back() / 2);
    }
  }
  return argon::reweighted_average(squares, change, temperature);
}

TEST(argon_averages, reweighted_are_those_of_the_other_potential_to_first_order) {
  const double temperature = 0.7;
  for (const double stiffer : {-0.05, 0.0, 0.05}) {
    const auto found = stiffened(stiffer, temperature);
    const double exact = temperature / (1 + stiffer);
    EXPECT_NEAR(found.mean, exact, 4 * found.error + 2 * stiffer * stiffer * temperature) << stiffer;
    EXPECT_NEAR(found.mean, temperature * (1 - stiffer), 4 * found.error) << stiffer;
    EXPECT_LT(found.error, 0.01 * temperature);
  }
  // The same draws, so what the spring changes is known better than either value.
  const double change = stiffened(0.05, temperature).mean - stiffened(0, temperature).mean;
  EXPECT_NEAR(change, -0.05 * temperature, 0.002 * temperature);
}

TEST(argon_averages, reweighted_of_normal_values_are_exact_for_great_changes_too) {
  // A and the change are normal with a covariance of 0.8: the weights move the mean of A by -0.8 / T.
  std::vector<double> series;
  std::vector<double> change;
  for (std::uint32_t i = 0; i < 50000; ++i) {
    const auto draw = argon::gaussian_noise(5, i, 0);
    series.push_back(draw.value[0]);
    change.push_back(10 + 0.8 * draw.value[0] + 0.6 * draw.value[1]);
  }
  const auto found = argon::reweighted_average(series, change, 0.5);
  EXPECT_NEAR(found.mean, -1.6, 4 * found.error);
  // The error is that of the covariance: the variance of a (1 - d / T) + ... by moments of normal numbers.
  EXPECT_NEAR(found.error, std::sqrt((1 + (1 + 0.8 * 0.8) / (0.5 * 0.5)) / 50000), 0.004);
}

TEST(argon_averages, slope_is_that_of_a_line) {
  std::vector<double> line;
  for (int i = 0; i < 100; ++i) line.push_back(3 - 0.25 * i);
  EXPECT_NEAR(argon::slope(line, 0.5), -0.5, 1e-12);
}

TEST(argon_nist, states_are_found) {
  state s;
  ASSERT_NE(argon::reference_of(s), nullptr);
  EXPECT_EQ(argon::reference_of(s)->energy.mean, -5.5121);
  s.density = 0.5;
  EXPECT_EQ(argon::reference_of(s), nullptr);
}

}  // namespace
