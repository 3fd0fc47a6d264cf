// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors
#include "backends/sim/network.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <utility>
#include <vector>

namespace {

using torc::protocol::message;
using torc::protocol::message_kind;
using torc::protocol::node_id;
using torc::sim::delays;
using shape = delays::shape;

constexpr int num_nodes = 4;

/// Notes what arrives, and in which order.
class listener final : public torc::protocol::inbox {
 public:
  void receive(node_id from, const message& arrived) override {
    order.push_back(arrived.id);
    EXPECT_LT(last[from], arrived.id) << "of one pair, in order";
    last[from] = arrived.id;
    for (const std::byte one : arrived.payload) EXPECT_EQ(one, static_cast<std::byte>(arrived.id));
    EXPECT_EQ(arrived.payload.size(), arrived.value);
  }
  std::vector<std::uint64_t> order;
  std::map<node_id, std::uint64_t> last;
};

std::vector<std::uint64_t> order_with(shape kind, std::uint64_t seed) {
  torc::sim::agenda when;
  torc::sim::network net(when, num_nodes, {.kind = kind}, seed);
  listener all;
  net.connect(node_id{0}, all);
  for (std::uint64_t id = 1; id <= 200; ++id) {
    std::vector<std::byte> bytes(id % 3 == 0 ? 2000 : id % 7, static_cast<std::byte>(id));
    const node_id from{1 + static_cast<int>(id % 3)};
    net.port(from).send(node_id{0}, {.id = id, .value = bytes.size(), .payload = bytes, .buffer = &bytes});
    bytes.clear();  // the network has its own copy
  }
  EXPECT_EQ(net.num_under_way(), 200U);
  while (!when.is_empty()) when.step();
  EXPECT_EQ(net.num_under_way(), 0U);
  EXPECT_EQ(all.order.size(), 200U);
  return all.order;
}

class networks : public testing::TestWithParam<shape> {};

TEST_P(networks, keep_the_order_of_each_pair_and_the_same_one_for_a_seed) {
  EXPECT_EQ(order_with(GetParam(), 1), order_with(GetParam(), 1));
}

INSTANTIATE_TEST_SUITE_P(with, networks,
                         testing::Values(shape::constant, shape::uniform, shape::heavy_tailed, shape::slow_link,
                                         shape::slow_node));

TEST(network, lets_messages_of_different_pairs_overtake_each_other) {
  EXPECT_NE(order_with(shape::uniform, 1), order_with(shape::uniform, 2));
  const auto order = order_with(shape::heavy_tailed, 1);
  EXPECT_FALSE(std::is_sorted(order.begin(), order.end()));
}

}  // namespace
