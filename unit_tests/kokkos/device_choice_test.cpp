// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors

#include "backends/kokkos/device_choice.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <vector>

namespace torc::backends::kokkos {
namespace {

using ordinals = std::vector<int>;

TEST(device_choice, deals_devices_round_when_there_are_as_many_ranks_or_more) {
  EXPECT_EQ(choose_devices(1, 0, 1, true), ordinals{0});
  EXPECT_EQ(choose_devices(4, 3, 4, true), ordinals{3});
  EXPECT_EQ(choose_devices(2, 0, 5, true), ordinals{0});
  EXPECT_EQ(choose_devices(2, 3, 5, true), ordinals{1});
  EXPECT_EQ(choose_devices(2, 4, 5, true), ordinals{0});
}

TEST(device_choice, gives_a_rank_several_devices_when_there_are_fewer_ranks) {
  EXPECT_EQ(choose_devices(4, 0, 1, true), (ordinals{0, 1, 2, 3}));
  EXPECT_EQ(choose_devices(8, 1, 3, true), (ordinals{1, 4, 7}));
  EXPECT_EQ(choose_devices(8, 2, 3, true), (ordinals{2, 5}));
}

TEST(device_choice, gives_one_where_a_process_cannot_use_several) {
  EXPECT_EQ(choose_devices(4, 0, 1, false), ordinals{0});
  EXPECT_EQ(choose_devices(8, 1, 3, false), ordinals{1});
  EXPECT_EQ(choose_devices(2, 3, 5, false), ordinals{1});
}

TEST(device_choice, gives_none_where_there_is_none) {
  EXPECT_EQ(choose_devices(0, 0, 1, true), ordinals{});
  EXPECT_EQ(choose_devices(0, 2, 3, false), ordinals{});
}

TEST(device_choice, leaves_no_device_idle_and_loads_all_alike) {
  for (int count = 1; count <= 9; ++count) {
    for (int ranks = 1; ranks <= 20; ++ranks) {
      std::vector<int> users(static_cast<std::size_t>(count));
      for (int rank = 0; rank < ranks; ++rank)
        for (const int device : choose_devices(count, rank, ranks, true)) ++users.at(static_cast<std::size_t>(device));
      const auto [least, most] = std::minmax_element(users.begin(), users.end());
      EXPECT_GE(*least, 1) << count << " devices, " << ranks << " ranks";
      EXPECT_LE(*most - *least, 1) << count << " devices, " << ranks << " ranks";
    }
  }
}

}  // namespace
}  // namespace torc::backends::kokkos
