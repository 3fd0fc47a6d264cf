// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors
#include <gtest/gtest.h>

#include <torc/detail/view_codec.hpp>

#include <Kokkos_Core.hpp>
#include <cstddef>
#include <torc/torc.hpp>
#include <vector>

#include "unit_tests/mpi/on_nodes.hpp"

/// Views that go to other nodes and come back.
namespace {

using matrix = Kokkos::View<double**, Kokkos::LayoutLeft, Kokkos::HostSpace>;
using const_matrix = Kokkos::View<const double**, Kokkos::LayoutLeft, Kokkos::HostSpace>;

matrix transposed(const const_matrix& given) {
  matrix made("transposed", given.extent(1), given.extent(0));
  for (std::size_t i = 0; i < given.extent(0); ++i)
    for (std::size_t k = 0; k < given.extent(1); ++k) made(k, i) = given(i, k);
  return made;
}

matrix numbered(std::size_t rows, std::size_t columns) {
  matrix made("numbered", rows, columns);
  for (std::size_t i = 0; i < rows; ++i)
    for (std::size_t k = 0; k < columns; ++k) made(i, k) = static_cast<double>(i * columns + k);
  return made;
}

TEST(kokkos_views, go_to_every_node_and_come_back) {
  tests::on_nodes({}, [] {
    std::vector<torc::future<matrix(const_matrix)>> futures;
    for (int worker = 0; worker < torc::num_workers(); ++worker)
      futures.push_back(torc::submit({.worker = worker}, transposed, numbered(30, 20)));
    for (auto& future : futures) {
      const matrix came = future.result();
      EXPECT_EQ(came.label(), "transposed");
      ASSERT_EQ(came.extent(0), 20U);
      ASSERT_EQ(came.extent(1), 30U);
      for (std::size_t i = 0; i < 30; ++i)
        for (std::size_t k = 0; k < 20; ++k) EXPECT_EQ(came(k, i), static_cast<double>(i * 20 + k));
    }
  });
}

TEST(kokkos_views, are_the_same_memory_at_home) {
  tests::on_nodes({}, [] {
    const matrix given = numbered(2, 2);
    auto future = torc::submit(
        {.worker = 0}, [](const const_matrix& seen) { return seen.data() == nullptr; }, given);
    EXPECT_FALSE(future.result());
    EXPECT_EQ(future.input().data(), given.data());
  });
}

}  // namespace
