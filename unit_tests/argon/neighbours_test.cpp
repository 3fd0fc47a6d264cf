// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors
#include "argon/neighbours.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <vector>

#include "unit_tests/argon/atoms.hpp"
#include "unit_tests/argon/on_device.hpp"

namespace {

using argon::space;

/// What a body on the device found, for the test to look at.
struct listing {
  std::vector<double> x;  ///< three of each atom
  std::vector<int> ids;
  std::vector<std::vector<double>> distances;  ///< of each atom's neighbours, ascending
  template <class Archive>
  void serialize(Archive& archive) {
    archive(x, ids, distances);
  }
};

listing list_neighbours(const space& exec, const argon::state& s) {
  argon::atoms all = tests::disturbed_atoms(exec, s);
  argon::neighbours near(exec, all, s.cutoff);
  near.build(exec, all);
  near.build(exec, all);  // from an order that is not that of the lattice
  listing result{tests::values_of(exec, all.x), tests::values_of(exec, all.id), {}};
  const std::vector<double> y = tests::values_of(exec, near.x());
  const std::vector<int> counts = tests::values_of(exec, near.counts());
  const Kokkos::View<int**, argon::lists::array_layout, Kokkos::HostSpace> listed("listed", near.listed().extent(0),
                                                                                  near.listed().extent(1));
  Kokkos::deep_copy(exec, listed, near.listed());
  torc::fence(exec);
  for (std::size_t i = 0; i < counts.size(); ++i) {
    std::vector<double> distances;
    for (int k = 0; k < counts[i]; ++k) {
      const auto j = static_cast<std::size_t>(listed(i, static_cast<std::size_t>(k)));
      const double r = std::hypot(result.x[3 * i] - y[3 * j], result.x[3 * i + 1] - y[3 * j + 1],
                                  result.x[3 * i + 2] - y[3 * j + 2]);
      if (r < 1e9) distances.push_back(r);  // the list is filled up with what is nowhere
    }
    std::sort(distances.begin(), distances.end());
    result.distances.push_back(distances);
  }
  return result;
}

/// Of all atoms and all that the box's neighbours have, which a search without cells finds.
std::vector<double> distances_of(const std::vector<double>& x, std::size_t i, double box, double reach) {
  std::vector<double> distances;
  for (std::size_t j = 0; j < x.size(); j += 3) {
    for (int image = 0; image < 27; ++image) {
      const double r =
          std::hypot(x[3 * i] - x[j] + box * (image % 3 - 1), x[3 * i + 1] - x[j + 1] + box * (image / 3 % 3 - 1),
                     x[3 * i + 2] - x[j + 2] + box * (image / 9 - 1));
      if (r < reach && (j != 3 * i || image != 13)) distances.push_back(r);
    }
  }
  std::sort(distances.begin(), distances.end());
  return distances;
}

void expect_all(int atoms, double density, double cutoff) {
  SCOPED_TRACE(testing::Message() << atoms << " atoms, density " << density);
  argon::state s;
  s.atoms = atoms;
  s.density = density;
  s.cutoff = cutoff;
  const listing here = torc::submit(torc::on_device, list_neighbours, s).result();
  ASSERT_EQ(here.distances.size(), static_cast<std::size_t>(atoms));
  for (std::size_t i = 0; i < here.distances.size(); ++i) {
    const auto expected = distances_of(here.x, i, argon::box_length(s), cutoff + argon::neighbours::skin);
    ASSERT_EQ(here.distances[i].size(), expected.size()) << "of atom " << i;
    for (std::size_t k = 0; k < expected.size(); ++k) ASSERT_NEAR(here.distances[i][k], expected[k], 1e-12);
  }
  std::vector<int> ids = here.ids;
  std::sort(ids.begin(), ids.end());
  for (int i = 0; i < atoms; ++i) ASSERT_EQ(ids[static_cast<std::size_t>(i)], i);
}

TEST(argon_neighbours, are_all_that_are_near) {
  tests::in_session([] {
    expect_all(128, 0.9, 2.5);     // cells that see themselves on the other side
    expect_all(500, 0.776, 3);     // the program's
    expect_all(1500, 0.776, 2.5);  // many cells
    expect_all(300, 0.01, 3);      // fewer atoms than cells half as wide as the reach
    expect_all(2, 0.0001, 3);
  });
}

TEST(argon_neighbours, order_of_the_atoms_depends_on_positions_alone) {
  tests::in_session([] {
    argon::state s;
    s.atoms = 1500;
    const listing first = torc::submit(torc::on_device, list_neighbours, s).result();
    const listing again = torc::submit(torc::on_device, list_neighbours, s).result();
    EXPECT_EQ(first.ids, again.ids);
    EXPECT_FALSE(std::is_sorted(first.ids.begin(), first.ids.end())) << "the order is still that of the lattice";
  });
}

}  // namespace
