// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors
#include <gtest/gtest.h>

#include <algorithm>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <torc/detail/path.hpp>
#include <utility>
#include <vector>

namespace {

using torc::detail::mix_callback_path;
using torc::detail::mix_path;
using torc::detail::root_path;

/// The paths of a complete tree below `root`, level by level.
std::vector<std::uint64_t> paths_of_tree(std::uint64_t root, std::size_t arity, std::size_t levels) {
  std::vector<std::uint64_t> all{root};
  std::size_t level_begin = 0;
  for (std::size_t level = 0; level < levels; ++level) {
    const std::size_t level_end = all.size();
    for (std::size_t parent = level_begin; parent < level_end; ++parent) {
      for (std::size_t i = 0; i < arity; ++i) all.push_back(mix_path(all[parent], i));
    }
    level_begin = level_end;
  }
  return all;
}

std::size_t count_repeated(std::vector<std::uint64_t> paths) {
  std::sort(paths.begin(), paths.end());
  const auto end = std::unique(paths.begin(), paths.end());
  return static_cast<std::size_t>(paths.end() - end);
}

/// The least and the largest probability, over all pairs of an input and an output bit, that the output bit flips with
/// the input bit.
template <class Function>
std::pair<double, double> range_of_flips(const Function& f) {
  constexpr std::size_t samples = 4096;
  std::vector<std::size_t> flips(std::size_t{64} * 64);
  std::uint64_t x = 1;
  for (std::size_t s = 0; s < samples; ++s) {
    x = x * 6364136223846793005U + 1442695040888963407U;
    for (std::size_t in = 0; in < 64; ++in) {
      const std::uint64_t changed = f(x) ^ f(x ^ (std::uint64_t{1} << in));
      for (std::size_t out = 0; out < 64; ++out) flips[in * 64 + out] += changed >> out & 1U;
    }
  }
  const auto [least, most] = std::minmax_element(flips.begin(), flips.end());
  return {static_cast<double>(*least) / samples, static_cast<double>(*most) / samples};
}

TEST(path, a_million_children_of_one_task_have_paths_of_their_own) {
  EXPECT_EQ(count_repeated(paths_of_tree(root_path, 1'000'000, 1)), 0U);
}

TEST(path, the_tasks_of_a_binary_tree_have_paths_of_their_own) {
  EXPECT_EQ(count_repeated(paths_of_tree(root_path, 2, 19)), 0U);
}

TEST(path, the_tasks_of_a_wide_tree_have_paths_of_their_own) {
  EXPECT_EQ(count_repeated(paths_of_tree(root_path, 100, 3)), 0U);
}

TEST(path, the_tasks_of_a_chain_have_paths_of_their_own) {
  EXPECT_EQ(count_repeated(paths_of_tree(root_path, 1, 1'000'000)), 0U);
}

TEST(path, callbacks_have_paths_apart_from_children) {
  std::vector<std::uint64_t> paths;
  for (const std::uint64_t parent : paths_of_tree(root_path, 10, 3)) {
    for (std::uint64_t i = 0; i < 100; ++i) {
      paths.push_back(mix_path(parent, i));
      paths.push_back(mix_callback_path(parent, i));
    }
  }
  EXPECT_EQ(count_repeated(paths), 0U);
}

TEST(path, each_bit_of_the_parent_changes_each_bit_of_the_path_half_of_the_time) {
  const auto [least, most] = range_of_flips([](std::uint64_t parent) { return mix_path(parent, 3); });
  EXPECT_GT(least, 0.4);
  EXPECT_LT(most, 0.6);
}

TEST(path, each_bit_of_the_index_changes_each_bit_of_the_path_half_of_the_time) {
  const auto [least, most] = range_of_flips([](std::uint64_t index) { return mix_path(root_path, index); });
  EXPECT_GT(least, 0.4);
  EXPECT_LT(most, 0.6);
}

TEST(path, never_changes_because_results_of_users_depend_on_it) {
  static_assert(mix_path(0, 0) == 0xe220a8397b1dcdafU);  // splitmix64's first value for the state 0
  EXPECT_EQ(mix_path(root_path, 0), 0x1ac046dda8e86e2aU);
  EXPECT_EQ(mix_path(mix_path(root_path, 1), 2), 0x8d2631306d2c1ab3U);
}

}  // namespace
