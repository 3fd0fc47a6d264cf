// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors
#include <gtest/gtest.h>

#include <stdexcept>
#include <torc/error.hpp>
#include <torc/options.hpp>
#include <type_traits>

namespace {

TEST(options, name_their_members_in_the_order_of_the_environment_table) {
  const torc::options chosen{.workers = 2, .stealing = true, .seed = 7, .bind = torc::toggle::on, .stats = 0};
  EXPECT_EQ(chosen.workers, 2);
  EXPECT_TRUE(chosen.stealing);
  EXPECT_EQ(chosen.seed, 7U);
  EXPECT_EQ(chosen.bind, torc::toggle::on);
  EXPECT_EQ(chosen.stats, 0);
  EXPECT_EQ(chosen.worker_yieldtime.count(), 0.01);
  EXPECT_NE(chosen, torc::options{});
}

TEST(error, one_handler_catches_all_of_torc) {
  static_assert(std::is_base_of_v<std::runtime_error, torc::error>);
  const auto is_caught = [](auto thrown) {
    try {
      throw thrown;
    } catch (const torc::error& e) {
      return std::string_view(e.what()) == "text";
    }
  };
  EXPECT_TRUE(is_caught(torc::config_error("text")));
  EXPECT_TRUE(is_caught(torc::task_error("text")));
  EXPECT_TRUE(is_caught(torc::serialization_error("text")));
  EXPECT_TRUE(is_caught(torc::device_error("text")));
  EXPECT_TRUE(is_caught(torc::transport_error("text")));
  EXPECT_TRUE(is_caught(torc::identity_error("text")));
  EXPECT_TRUE(is_caught(torc::timeout_error("text")));
  EXPECT_TRUE(is_caught(torc::cancelled_error("text")));
}

}  // namespace
