// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors
#include "core/fiber/stack_pool.hpp"

#include <gtest/gtest.h>
#include <sys/resource.h>
#include <unistd.h>

#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <memory>
#include <new>
#include <string>
#include <thread>
#include <torc/error.hpp>
#include <vector>

#include "core/base/sanitizers.hpp"

namespace {

using namespace std::chrono_literals;
using torc::fiber::stack;
using torc::fiber::stack_gaps;
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

TEST(stack_pool, lays_neighbours_an_odd_number_of_pages_apart_so_that_many_do_not_share_few_lines_of_page_tables) {
  const stack_gaps wide{.num_wide = 32, .num_trapping = 32};
  const stack_gaps narrow{.num_trapping = 32};
  for (const stack_gaps& gaps : {wide, narrow, stack_gaps{}}) {
    for (const std::size_t bytes : {stack_bytes, 2 * stack_bytes, std::size_t{1280} << 10U, std::size_t{1} << 30U}) {
      stack_pool pool(bytes, gaps);
      const auto pitch_bytes = pool.take().low - pool.take().low;
      EXPECT_EQ(std::abs(pitch_bytes) / sysconf(_SC_PAGESIZE) % 2, 1);
    }
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

TEST(stack_pool, the_whole_gap_below_a_stack_traps) {
  GTEST_FLAG_SET(death_test_style, "threadsafe");
  stack_pool pool(stack_bytes);
  const stack s = pool.take();
  const stack_gaps gaps = stack_gaps::of_process();
  ASSERT_EQ(s.gap_bytes, gaps.num_wide > 0 ? stack_gaps::wide_bytes : stack_gaps::narrow_bytes);
  EXPECT_DEATH(*static_cast<volatile std::byte*>(s.low - 1) = std::byte{1}, "");
  EXPECT_DEATH(*static_cast<volatile std::byte*>(s.low - s.gap_bytes) = std::byte{1}, "");
}

TEST(stack_pool, the_first_stacks_lie_above_wide_gaps_then_above_narrow_ones_then_above_none_that_trap) {
  stack_pool pool(stack_bytes, {.num_wide = 40, .num_trapping = 100});
  for (int i = 0; i < 40; ++i) ASSERT_EQ(pool.take().gap_bytes, stack_gaps::wide_bytes) << i;
  for (int i = 0; i < 60; ++i) ASSERT_EQ(pool.take().gap_bytes, stack_gaps::narrow_bytes) << i;
  for (int i = 0; i < 40; ++i) ASSERT_EQ(pool.take().gap_bytes, 0U) << i;
}

TEST(stack_pool, gives_the_safest_stacks_again_once_more_were_in_use) {
  stack_pool pool(stack_bytes, {.num_wide = 32, .num_trapping = 64});
  std::vector<stack> taken;
  for (int i = 0; i < 96; ++i) taken.push_back(pool.take());
  for (const stack& s : taken) pool.give(s);
  for (int i = 0; i < 32; ++i) ASSERT_EQ(pool.take().gap_bytes, stack_gaps::wide_bytes) << i;
  EXPECT_FALSE(pool.trim(torc::base::now()));
  for (int i = 0; i < 32; ++i) ASSERT_EQ(pool.take().gap_bytes, stack_gaps::narrow_bytes) << i;
  EXPECT_EQ(pool.take().gap_bytes, 0U);
}

std::string message_of_shortage(stack_pool& pool) {
  try {
    for (;;) pool.take();
  } catch (const torc::error& e) {
    return e.what();
  }
}

TEST(stack_pool, names_the_variable_when_stacks_are_too_large) {
  stack_pool pool(std::size_t{1} << 47U);  // more than a process can have
  const std::string message = message_of_shortage(pool);
  EXPECT_NE(message.find("a smaller TORC_STACK_SIZE makes room"), std::string::npos) << message;
}

/// Ends the process with what `body` says, after its address space was limited to what it has and so much more.
template <class Body>
[[noreturn]] void say_with_address_space(std::size_t more_bytes, Body body) {
  std::size_t pages = 0;
  std::ifstream("/proc/self/statm") >> pages;
  const rlim_t allowed = pages * static_cast<std::size_t>(sysconf(_SC_PAGESIZE)) + more_bytes;
  const rlimit limit{.rlim_cur = allowed, .rlim_max = allowed};
  setrlimit(RLIMIT_AS, &limit);
  std::fprintf(stderr, "%s\n", std::string(body()).c_str());
  std::exit(0);
}

class limited_stack_pool_death_test : public ::testing::Test {
 protected:
  void SetUp() override {
    GTEST_FLAG_SET(death_test_style, "threadsafe");
    if (torc::base::is_asan || torc::base::is_tsan) GTEST_SKIP() << "a sanitizer needs more address space";
  }
};

TEST_F(limited_stack_pool_death_test, does_without_wide_gaps) {
  EXPECT_EXIT(say_with_address_space(std::size_t{1} << 30U,
                                     [] {
                                       stack_pool pool(stack_bytes);
                                       for (int i = 0; i < 1'000; ++i) {
                                         if (pool.take().gap_bytes != stack_gaps::narrow_bytes) return "not narrow";
                                       }
                                       return "1000 above narrow gaps";
                                     }),
              ::testing::ExitedWithCode(0), "1000 above narrow gaps");
}

TEST_F(limited_stack_pool_death_test, that_learns_of_the_limit_late_does_without_wide_gaps) {
  EXPECT_EXIT(say_with_address_space(std::size_t{1} << 30U,
                                     [] {
                                       stack_pool pool(stack_bytes, {.num_wide = 100, .num_trapping = 1'000});
                                       return pool.take().gap_bytes == stack_gaps::narrow_bytes ? "narrow" : "wide";
                                     }),
              ::testing::ExitedWithCode(0), "narrow");
}

TEST_F(limited_stack_pool_death_test, gives_the_last_stacks_that_fit_one_by_one) {
  EXPECT_EXIT(say_with_address_space(std::size_t{100} << 20U,
                                     [] {
                                       stack_pool pool(std::size_t{40} << 20U);
                                       pool.take();
                                       pool.take();
                                       return "two";
                                     }),
              ::testing::ExitedWithCode(0), "two");
}

TEST_F(limited_stack_pool_death_test, says_what_fills_the_memory) {
  const auto other_data = [] {
    stack_pool pool(stack_bytes);
    std::vector<std::unique_ptr<char[]>> data;
    try {
      for (;;) data.push_back(std::make_unique<char[]>(std::size_t{1} << 20U));
    } catch (const std::bad_alloc&) {
      data.pop_back();  // room for the message
    }
    return message_of_shortage(pool);
  };
  EXPECT_EXIT(say_with_address_space(std::size_t{1} << 30U, other_data), ::testing::ExitedWithCode(0),
              "other data than stacks take most of the [0-9]+ MiB that ulimit -v or -d allows");
  const auto stacks = [] {
    stack_pool pool(std::size_t{1} << 20U);
    return message_of_shortage(pool);
  };
  EXPECT_EXIT(say_with_address_space(std::size_t{1} << 30U, stacks), ::testing::ExitedWithCode(0),
              "beside the [0-9]+ that there are .*a smaller TORC_STACK_SIZE makes room");
}

TEST(stack_gaps, are_told_in_the_census) {
  EXPECT_EQ((stack_gaps{.num_wide = 16'000, .num_trapping = 16'382}).describe(),
            "a gap of 64 MiB below each of the first 16000 at a time, of 64 KiB below others");
  EXPECT_EQ((stack_gaps{.num_wide = 0, .num_trapping = 16'382, .why_narrow = "a reason"}).describe(),
            "a gap of 64 KiB below each that traps for 16382 at a time (a reason)");
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
