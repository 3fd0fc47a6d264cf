// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors
#include "core/runtime/broadcasts.hpp"

#include <gtest/gtest.h>

#include <torc/detail/archive.hpp>
#include <torc/error.hpp>

#include "core/protocol/message.hpp"

namespace {

using torc::base::node_id;
using torc::runtime::broadcasts;

constexpr node_id self{0};
constexpr node_id sender{1};

std::shared_ptr<const void> read_byte(torc::detail::input_archive& in) {
  auto byte = std::make_shared<std::byte>();
  in.read(byte.get(), 1);
  return byte;
}

std::byte value_of(broadcasts& values, std::uint64_t id) {
  return *std::static_pointer_cast<const std::byte>(values.get({sender, id}, self, &read_byte));
}

TEST(broadcasts, leave_nothing_behind_when_they_are_forgotten) {
  broadcasts values;
  for (std::uint64_t id = 0; id < 1000; ++id) {
    values.arrived({sender, id}, {std::byte(id)});
    if (id % 2 == 0) {
      EXPECT_EQ(value_of(values, id), std::byte(id));
    }
    EXPECT_LE(values.num_copies(), 3U);
    if (id >= 2) values.forgotten({sender, id - 2});
  }
  EXPECT_THROW(value_of(values, 0), torc::error);
  EXPECT_THROW(value_of(values, 997), torc::error);
  EXPECT_EQ(value_of(values, 998), std::byte(998 % 256));
  EXPECT_EQ(values.num_copies(), 2U) << "who asks for what is gone does not bring it back";
}

TEST(broadcasts, hand_out_the_object_that_is_to_be_destroyed) {
  broadcasts values;
  values.arrived({sender, 0}, {std::byte{1}});
  const auto object = values.get({sender, 0}, self, &read_byte);
  EXPECT_EQ(values.forgotten({sender, 0}), object);
  values.arrived({sender, 1}, {std::byte{1}});
  EXPECT_EQ(values.forgotten({sender, 1}), nullptr) << "nobody has asked for it";
}

TEST(broadcasts, that_cannot_have_been_sent_are_refused) {
  broadcasts values;
  EXPECT_THROW(values.arrived({sender, 1}, {}), torc::protocol::violation);
  EXPECT_THROW(values.forgotten({sender, 0}), torc::protocol::violation);
  values.arrived({sender, 0}, {});
  EXPECT_THROW(values.arrived({sender, 0}, {}), torc::protocol::violation);
  values.forgotten({sender, 0});
  EXPECT_THROW(values.forgotten({sender, 0}), torc::protocol::violation);
  EXPECT_THROW(values.arrived({sender, 0}, {}), torc::protocol::violation);
  EXPECT_EQ(values.num_copies(), 0U);
}

}  // namespace
