// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors
#include "core/fiber/stack_pool.hpp"

#include <gtest/gtest.h>

#include <chrono>
#include <cstring>
#include <functional>
#include <string>
#include <thread>
#include <torc/error.hpp>
#include <vector>

namespace {

using namespace std::chrono_literals;
using torc::fiber::stack;
using torc::fiber::stack_pool;

constexpr std::size_t stack_bytes = std::size_t{64} << 10U;

TEST(stack_pool, gives_stacks_of_its_size_apart_from_each_other) {
  stack_pool pool(stack_bytes);
  std::vector<stack> taken;
  for (int i = 0; i < 100; ++i) {
    taken.push_back(pool.take());
    ASSERT_EQ(static_cast<std::size_t>(taken.back().high - taken.back().low), stack_bytes);
    std::memset(taken.back().low, i, stack_bytes);
  }
  for (int i = 0; i < 100; ++i) {
    EXPECT_EQ(std::to_integer<int>(taken[static_cast<std::size_t>(i)].low[0]), i);
    EXPECT_EQ(std::to_integer<int>(taken[static_cast<std::size_t>(i)].high[-1]), i);
  }
}

TEST(stack_pool, rounds_sizes_up_to_whole_pages) {
  stack_pool pool(stack_bytes - 1);
  EXPECT_EQ(pool.stack_bytes(), stack_bytes);
}

TEST(stack_pool, gives_the_most_recent_one_again) {
  stack_pool pool(stack_bytes);
  const stack first = pool.take();
  const stack second = pool.take();
  pool.give(first);
  pool.give(second);
  EXPECT_EQ(pool.take().low, second.low);
  EXPECT_EQ(pool.take().low, first.low);
}

TEST(stack_pool, gives_the_memory_of_what_lay_idle_for_long_back_to_the_system) {
  stack_pool pool(stack_bytes);
  const stack s = pool.take();
  s.low[100] = std::byte{42};
  pool.give(s);
  EXPECT_TRUE(pool.trim(torc::base::now() - 1h)) << "it is not that old";
  EXPECT_EQ(s.low[100], std::byte{42});
  EXPECT_FALSE(pool.trim(torc::base::now()));
  EXPECT_EQ(pool.take().low, s.low) << "its address space is kept";
  EXPECT_EQ(s.low[100], std::byte{0}) << "its contents are not";
}

TEST(stack_pool, the_place_below_a_guarded_stack_traps) {
  GTEST_FLAG_SET(death_test_style, "threadsafe");
  stack_pool pool(stack_bytes);
  const stack s = pool.take();
  ASSERT_TRUE(s.is_guarded);
  EXPECT_DEATH(*static_cast<volatile std::byte*>(s.low - 1) = std::byte{1}, "");
}

TEST(stack_pool, names_the_variable_when_address_space_runs_out) {
  stack_pool pool(std::size_t{1} << 44U);  // a slab of 32 is more than a process can have
  std::string message;
  try {
    pool.take();
  } catch (const torc::error& e) {
    message = e.what();
  }
  EXPECT_NE(message.find("TORC_STACK_SIZE"), std::string::npos) << message;
}

TEST(stack_pool, serves_several_threads) {
  stack_pool pool(stack_bytes);
  std::vector<std::thread> threads;
  for (int t = 0; t < 4; ++t) {
    threads.emplace_back([&] {
      for (int i = 0; i < 1'000; ++i) {
        const stack s = pool.take();
        s.low[0] = std::byte{1};  // nobody else has it: TSan would tell
        pool.give(s);
        if (i % 100 == 0) pool.trim(torc::base::now());
      }
    });
  }
  for (std::thread& t : threads) t.join();
}

}  // namespace
