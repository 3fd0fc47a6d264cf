// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors
#include "core/fiber/overflow.hpp"

#include <alloca.h>
#include <gtest/gtest.h>
#include <signal.h>

#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <string>
#include <thread>
#include <vector>

#include "core/base/sanitizers.hpp"
#include "core/fiber/faults.hpp"
#include "core/fiber/fiber.hpp"

namespace {

using torc::fiber::faults;
using torc::fiber::fiber;
using torc::fiber::overflow_guard;
using torc::fiber::stack;
using torc::fiber::stack_gaps;
using torc::fiber::stack_pool;

constexpr std::size_t kib = std::size_t{1} << 10U;
constexpr std::size_t mib = std::size_t{1} << 20U;

/// How a frame comes into use.
enum class use { from_its_lowest_address, from_its_highest_address, by_a_call };

[[gnu::noinline]] void callee() { asm volatile("" ::: "memory"); }

/// A frame of so many bytes, as a body with a large local array has.
[[gnu::noinline, gnu::optimize("no-stack-clash-protection")]] void occupy(std::size_t bytes, use how) {
  auto* const frame = static_cast<volatile char*>(alloca(bytes));
  if (how == use::from_its_lowest_address) frame[0] = 1;
  if (how == use::from_its_highest_address) {
    for (std::size_t i = bytes; i-- != 0;) frame[i] = 1;
  }
  if (how == use::by_a_call) callee();
  asm volatile("" : : "r"(frame) : "memory");
}

[[gnu::noinline]] int descend(int depth) {
  volatile char frame[1000];
  for (volatile char& byte : frame) byte = 1;
  const int below = depth > 0 ? descend(depth - 1) : 0;
  return below + frame[0];
}

/// Runs `body` on a fiber between others that are suspended, each on a stack with so much below it.
template <class Body>
void run_among_others(const stack_gaps& gaps, Body body) {
  faults::install({.task = [](char* buffer, std::size_t size) { std::snprintf(buffer, size, "large"); },
                   .place = [](char* buffer, std::size_t size) { std::snprintf(buffer, size, "node 2, worker 5"); }},
                  64 * kib);
  faults::prepare_thread();
  stack_pool pool(64 * kib, gaps);
  fiber thread;
  struct place {
    fiber& thread;
    fiber* self;
    Body& body;
    bool is_to_run;
  };
  constexpr std::size_t count = 20;
  std::vector<place> places(count, {thread, nullptr, body, false});
  places[count / 2].is_to_run = true;
  for (place& p : places) {
    p.self = fiber::create(
        pool,
        [](void* argument) {
          auto& here = *static_cast<place*>(argument);
          if (here.is_to_run) here.body();
          for (;;) here.self->switch_to(here.thread);
        },
        &p);
  }
  for (place& p : places) {
    if (!p.is_to_run) thread.switch_to(*p.self);
  }
  thread.switch_to(*places[count / 2].self);
}

class overflow_death_test : public ::testing::Test {
 protected:
  void SetUp() override {
    GTEST_FLAG_SET(death_test_style, "threadsafe");
    if (torc::base::is_asan || torc::base::is_tsan)
      GTEST_SKIP() << "a sanitizer catches the access first and reports it in its own words";
  }
};

constexpr const char* complaint =
    "TORC: node 2, worker 5: task 'large' has overflown its stack of 64 KiB: set TORC_STACK_SIZE to more";

TEST_F(overflow_death_test, a_frame_of_any_size_up_to_64_mib_is_found_however_it_is_used) {
  const stack_gaps gaps = stack_gaps::of_process();
  for (const std::size_t bytes : {72 * kib, 100 * kib, 200 * kib, mib, 3 * mib, 16 * mib, 64 * mib}) {
    if (gaps.num_wide == 0 && bytes > 100 * kib) continue;  // under ulimit -v
    for (const use how : {use::from_its_lowest_address, use::from_its_highest_address, use::by_a_call}) {
      SCOPED_TRACE(std::to_string(bytes) + " bytes, used in way " + std::to_string(static_cast<int>(how)));
      EXPECT_EXIT(run_among_others(gaps, [&] { occupy(bytes, how); }), ::testing::KilledBySignal(SIGABRT), complaint);
    }
  }
}

TEST_F(overflow_death_test, a_deep_recursion_is_found) {
  EXPECT_EXIT(run_among_others(stack_gaps::of_process(), [] { descend(1'000); }), ::testing::KilledBySignal(SIGABRT),
              complaint);
}

TEST_F(overflow_death_test, where_nothing_traps_a_recursion_is_found_at_the_next_switch) {
  EXPECT_EXIT(run_among_others({}, [] { descend(80); }), ::testing::KilledBySignal(SIGABRT), complaint);
}

TEST_F(overflow_death_test, of_the_thread_s_own_stack_names_the_limit_that_counts) {
  const auto overflow = [] {
    std::thread([] {
      faults::install(
          {.task = [](char* buffer, std::size_t size) { std::snprintf(buffer, size, "main"); }, .place = nullptr},
          64 * kib);
      faults::prepare_thread();
      const fiber thread;
      descend(100'000'000);
    }).join();
  };
  EXPECT_EXIT(overflow(), ::testing::KilledBySignal(SIGABRT),
              "task 'main' has overflown the stack of its thread, of [0-9]+ KiB: raise `ulimit -s`");
}

class overflow : public ::testing::Test {
 protected:
  /// A place in invented memory, so many bytes below the stack's end.
  const void* below(std::size_t bytes) const { return m_stack.low - bytes; }
  const void* above(std::size_t bytes) const { return m_stack.low + bytes; }
  bool is_overflow(const void* address, const void* top) const {
    return overflow_guard::is_overflow(m_stack, address, top);
  }
  std::byte* const m_memory = reinterpret_cast<std::byte*>(std::uintptr_t{1} << 40U);
  const stack m_stack{.low = m_memory, .high = m_memory + mib, .gap_bytes = 64 * mib};
};

TEST_F(overflow, is_an_access_to_the_gap_by_code_whose_frame_is_not_made_yet) {
  EXPECT_TRUE(is_overflow(below(1), above(100)));
  EXPECT_TRUE(is_overflow(below(64 * mib), above(100)));
  EXPECT_TRUE(is_overflow(below(1), nullptr));
}

TEST_F(overflow, is_any_failed_access_by_a_frame_that_lies_in_the_gap) {
  EXPECT_TRUE(is_overflow(nullptr, below(1)));
  EXPECT_TRUE(is_overflow(nullptr, below(64 * mib)));
}

TEST_F(overflow, is_what_a_frame_beyond_the_gap_does_between_itself_and_the_stack) {
  EXPECT_TRUE(is_overflow(below(100 * mib), below(100 * mib - 8)));
  EXPECT_TRUE(is_overflow(below(80 * mib), below(100 * mib)));
}

TEST_F(overflow, is_no_access_elsewhere_by_a_frame_within_the_stack) {
  EXPECT_FALSE(is_overflow(nullptr, above(100)));
  EXPECT_FALSE(is_overflow(below(65 * mib), above(100)));
  EXPECT_FALSE(is_overflow(above(8), above(100)));
  EXPECT_FALSE(is_overflow(nullptr, nullptr));
}

TEST_F(overflow, is_no_access_elsewhere_by_a_frame_on_another_stack) {
  EXPECT_FALSE(is_overflow(nullptr, below(std::size_t{1} << 35U)));
  EXPECT_FALSE(is_overflow(nullptr, above(std::size_t{1} << 35U)));
}

}  // namespace
