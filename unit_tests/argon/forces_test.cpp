// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors
#include "argon/forces.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <vector>

#include "unit_tests/argon/atoms.hpp"
#include "unit_tests/argon/on_device.hpp"

namespace {

using argon::space;

/// What a body on the device found, for the test to look at.
struct found {
  std::vector<double> x;  ///< three of each atom
  std::vector<double> f;
  double energy = 0;
  double virial = 0;
  double pairs = 0;
  template <class Archive>
  void serialize(Archive& archive) {
    archive(x, f, energy, virial, pairs);
  }
};

double sum(const space& exec, const argon::numbers& from) {
  double total = 0;
  for (const double value : tests::values_of(exec, from)) total += value;
  return total;
}

found forces_of(const space& exec, const argon::state& s) {
  argon::atoms all = tests::disturbed_atoms(exec, s);
  argon::neighbours near(exec, all, s.cutoff);
  near.build(exec, all);
  const argon::shares shares{argon::on_scratch<argon::numbers>(exec, s.atoms),
                             argon::on_scratch<argon::numbers>(exec, s.atoms),
                             argon::on_scratch<argon::numbers>(exec, s.atoms)};
  argon::compute_forces(exec, all, near, s.cutoff, 0, &shares);
  return {tests::values_of(exec, all.x), tests::values_of(exec, all.f), sum(exec, shares.energy),
          sum(exec, shares.virial), sum(exec, shares.pairs)};
}

/// All pairs, by the formula.
found by_all_pairs(const std::vector<double>& x, double box, double cutoff) {
  found all{x, std::vector<double>(x.size()), 0, 0, 0};
  const std::size_t count = x.size() / 3;
  for (std::size_t i = 0; i < count; ++i) {
    for (std::size_t j = i + 1; j < count; ++j) {
      double delta[3];
      double squared = 0;
      for (std::size_t d = 0; d < 3; ++d) {
        delta[d] = x[3 * i + d] - x[3 * j + d];
        delta[d] -= box * std::round(delta[d] / box);
        squared += delta[d] * delta[d];
      }
      if (squared >= cutoff * cutoff) continue;
      const double r = std::sqrt(squared);
      const double slope = 4 * (-12 * std::pow(r, -13) + 6 * std::pow(r, -7));
      for (std::size_t d = 0; d < 3; ++d) {
        all.f[3 * i + d] -= slope * delta[d] / r;
        all.f[3 * j + d] += slope * delta[d] / r;
      }
      all.energy += argon::pair_energy(r);
      all.virial -= slope * r;
      ++all.pairs;
    }
  }
  return all;
}

void expect_the_same(const argon::state& s) {
  const found here = torc::submit(torc::on_device, forces_of, s).result();
  const found reference = by_all_pairs(here.x, argon::box_length(s), s.cutoff);
  ASSERT_EQ(here.f.size(), reference.f.size());
  double total[3] = {};
  for (std::size_t i = 0; i < here.f.size(); ++i) {
    EXPECT_NEAR(here.f[i], reference.f[i], 1e-9 * (1 + std::abs(reference.f[i])));
    total[i % 3] += here.f[i];
  }
  for (const double component : total) EXPECT_NEAR(component, 0, 1e-8);  // momentum is conserved
  EXPECT_NEAR(here.energy, reference.energy, 1e-9 * std::abs(reference.energy));
  EXPECT_NEAR(here.virial, reference.virial, 1e-9 * std::abs(reference.virial) + 1e-9);
  EXPECT_EQ(here.pairs, reference.pairs);
}

TEST(argon_forces, are_those_of_all_pairs_in_a_small_box) {
  tests::in_session([] {
    argon::state s;
    s.atoms = 256;
    expect_the_same(s);
    s.atoms = 171;  // no full lattice
    expect_the_same(s);
  });
}

TEST(argon_forces, are_those_of_all_pairs_in_a_box_of_cells) {
  tests::in_session([] {
    argon::state s;
    s.atoms = 1500;
    s.cutoff = 2.5;
    expect_the_same(s);
    s.atoms = 500;
    s.density = 0.01;
    expect_the_same(s);
  });
}

TEST(argon_forces, are_the_gradient_of_the_energy) {
  // Of three atoms, one moved by a little.
  const auto energy = [](double x) { return by_all_pairs({0, 0, 0, 1.1, 0.2, 0, x, 1, 0.5}, 20, 3).energy; };
  const double h = 1e-6;
  const found at = by_all_pairs({0, 0, 0, 1.1, 0.2, 0, 0.3, 1, 0.5}, 20, 3);
  EXPECT_NEAR(at.f[6], -(energy(0.3 + h) - energy(0.3 - h)) / (2 * h), 1e-5);
}

}  // namespace
