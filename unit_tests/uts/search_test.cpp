// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors
#include "uts/search.hpp"

#include <gtest/gtest.h>

#include <torc/torc.hpp>

namespace {

using uts::census;
using uts::tree;
using uts::tree_type;

constexpr tree small{.type = tree_type::binomial,
                     .root_branching = 500.0,
                     .root_seed = 7,
                     .branching_probability = 0.23,
                     .branching = 4};

class searches : public testing::TestWithParam<int> {};

TEST_P(searches, tasks_find_what_the_serial_search_finds_for_any_chunk) {
  const census expected = uts::search_serially(small);
  torc::session session(torc::options{.workers = GetParam(), .stats = 0});
  torc::launch([&] {
    for (const std::size_t chunk : {1U, 7U, 32U, 1000U})
      EXPECT_EQ(uts::search(small, chunk), expected) << "chunk " << chunk;
  });
}

TEST_P(searches, tree_of_one_node_is_found) {
  torc::session session(torc::options{.workers = GetParam(), .stats = 0});
  torc::launch([] {
    const tree leaf{.type = tree_type::binomial, .root_branching = 0.0};
    EXPECT_EQ(uts::search(leaf), (census{.nodes = 1, .leaves = 1, .depth = 0}));
  });
}

INSTANTIATE_TEST_SUITE_P(workers, searches, testing::Values(1, 2, 4));

TEST(census, sum_adds_counts_and_keeps_the_greater_depth) {
  census sum{.nodes = 3, .leaves = 2, .depth = 9};
  sum += census{.nodes = 10, .leaves = 5, .depth = 4};
  EXPECT_EQ(sum, (census{.nodes = 13, .leaves = 7, .depth = 9}));
}

}  // namespace
