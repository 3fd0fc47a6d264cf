// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors
#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <cstdint>
#include <iterator>
#include <memory>
#include <ranges>
#include <stdexcept>
#include <string>
#include <thread>
#include <torc/map.hpp>
#include <vector>

#include "unit_tests/torc/in_session.hpp"

/// How map reads its ranges.
namespace {

using tests::message_of;
using tests::on_1_2_and_4_workers;
using tests::on_workers;

/// Set while some thread reads; a second reader at the same time is noted.
struct single_reader {
  void enter() {
    if (is_read.exchange(true)) had_two = true;
    std::this_thread::yield();
  }
  void leave() { is_read = false; }
  std::atomic<bool> is_read{false};
  std::atomic<bool> had_two{false};
};

TEST(map_range, is_never_read_by_two_threads) {
  on_1_2_and_4_workers([] {
    single_reader reader;
    const auto elements = std::views::iota(0, 2000) | std::views::transform([&](int i) {
                            reader.enter();
                            reader.leave();
                            return i;
                          });
    EXPECT_EQ(torc::map(tests::square, elements).size(), 2000U);
    EXPECT_FALSE(reader.had_two);
  });
}

TEST(map_range, reads_each_element_of_a_single_pass_range_once) {
  on_1_2_and_4_workers([] {
    int read = 0;
    const auto elements = std::views::iota(0) | std::views::take_while([&](int i) {
                            read = i;
                            return i < 500;
                          });
    const auto squares = torc::map({.chunksize = 3}, tests::square, elements);
    ASSERT_EQ(squares.size(), 500U);
    EXPECT_EQ(squares.back(), 499 * 499);
    EXPECT_EQ(read, 500);
  });
}

TEST(map_range, may_be_empty) {
  on_1_2_and_4_workers([] {
    const auto before = torc::stats().created;
    EXPECT_TRUE(torc::map(tests::square, std::vector<int>{}).empty());
    EXPECT_TRUE(torc::map([](int a, int b) { return a + b; }, std::vector<int>{1, 2}, std::views::iota(0, 0)).empty());
    torc::map([](int) { FAIL(); }, std::vector<int>{});
    EXPECT_EQ(torc::stats().created, before);
  });
}

TEST(map_range, an_endless_one_beside_a_short_one_ends_with_that) {
  on_1_2_and_4_workers([] {
    EXPECT_EQ(torc::map([](int a, const std::string& s) { return std::to_string(a) + s; }, std::views::iota(1),
                        std::vector<std::string>{"a", "b", "c"}),
              (std::vector<std::string>{"1a", "2b", "3c"}));
  });
}

double half_of(double x) { return x / 2; }

TEST(map_range, elements_are_converted_to_the_types_of_the_parameters) {
  on_workers(2, [] {
    EXPECT_EQ(torc::map([](const std::string& s) { return s.size(); }, std::vector<const char*>{"a", "bc"}),
              (std::vector<std::size_t>{1, 2}));
    std::vector<int> changed{1, 2, 3};
    EXPECT_EQ(torc::map(half_of, changed), (std::vector<double>{0.5, 1, 1.5}));
  });
}

TEST(map_range, elements_that_cannot_be_copied_are_moved) {
  on_1_2_and_4_workers([] {
    std::vector<std::unique_ptr<int>> numbers;
    for (int i = 0; i < 100; ++i) numbers.push_back(std::make_unique<int>(i));
    const std::ranges::subrange moving(std::make_move_iterator(numbers.begin()),
                                       std::make_move_iterator(numbers.end()));
    const auto values = torc::map([](std::unique_ptr<int> p) { return *p; }, moving);
    for (int i = 0; i < 100; ++i) EXPECT_EQ(values[static_cast<std::size_t>(i)], i);
  });
}

TEST(map_range, chunks_may_be_larger_than_it_but_not_empty) {
  on_1_2_and_4_workers([] {
    EXPECT_EQ(torc::map({.chunksize = 1'000'000'000}, tests::square, std::views::iota(0, 3)),
              (std::vector<int>{0, 1, 4}));
    EXPECT_EQ(
        message_of<std::invalid_argument>([] { torc::map({.chunksize = 0}, tests::square, std::views::iota(0, 3)); }),
        "map: chunksize must be at least 1");
  });
}

TEST(map_range, that_waits_for_all_children_is_refused) {
  on_1_2_and_4_workers([] {
    const auto elements = std::views::iota(0, 100) | std::views::transform([](int i) {
                            torc::submit(tests::square, i);
                            torc::wait();
                            return i;
                          });
    EXPECT_THROW(torc::map(tests::square, elements), torc::error);
  });
}

TEST(map_range, that_throws_late_loses_to_an_element_that_failed_before) {
  on_1_2_and_4_workers([] {
    const auto elements = std::views::iota(0, 100) | std::views::transform([](int i) {
                            if (i == 60) throw std::out_of_range("range");
                            return i;
                          });
    const auto body = [](int i) {
      if (i == 5) throw std::domain_error("element");
    };
    EXPECT_THROW(torc::map(body, elements), std::domain_error);
  });
}

TEST(map_range, can_be_mapped_by_a_thread_of_the_user) {
  on_workers(2, [] {
    std::atomic<bool> is_over{false};
    std::vector<int> squares;
    std::thread thread([&] {
      squares = torc::map(tests::square, std::views::iota(0, 1000));
      is_over = true;
    });
    while (!is_over) torc::submit([] {}).result();
    thread.join();
    EXPECT_EQ(squares.size(), 1000U);
    EXPECT_EQ(squares.back(), 999 * 999);
  });
}

TEST(map_range, draws_what_the_caller_would_draw) {
  on_1_2_and_4_workers([] {
    torc::rng_engine expected = torc::task_rng();
    const auto elements = std::views::iota(0, 1000) | std::views::transform([](int) { return torc::task_rng()(); });
    const auto draws = torc::map([](std::uint64_t x) { return x; }, elements);
    for (const std::uint64_t draw : draws) ASSERT_EQ(draw, expected());
    EXPECT_EQ(torc::task_rng()(), expected());
  });
}

TEST(map_range, submits_children_of_the_caller) {
  std::vector<std::vector<std::uint64_t>> runs;
  on_1_2_and_4_workers([&] {
    std::vector<std::uint64_t> draws(1000);
    const auto caller = [&draws] {
      const auto elements = std::views::iota(std::size_t{0}, draws.size()) | std::views::transform([&](std::size_t i) {
                              torc::submit(torc::local([&draws, i] { draws[i] = torc::task_rng()(); }));
                              return static_cast<int>(i);
                            });
      torc::map(tests::square, elements);
    };
    torc::submit(torc::local(caller)).result();  // completes after all of its children
    runs.push_back(draws);
  });
  EXPECT_EQ(std::count(runs[0].begin(), runs[0].end(), 0U), 0);
  for (const auto& run : runs) EXPECT_EQ(run, runs.front());  // numbered in the order in which they were submitted
}

TEST(map_range, that_maps_is_refused_before_anything_is_submitted) {
  on_1_2_and_4_workers([] {
    static std::atomic<int> calls;
    calls = 0;
    const auto inner = [](int i) {
      ++calls;
      return i;
    };
    const auto elements = std::views::iota(0, 100) | std::views::transform([&](int i) {
                            torc::map(inner, std::views::iota(0, 5));
                            return i;
                          });
    EXPECT_THROW(torc::map(tests::square, elements), torc::error);
    torc::wait();
    EXPECT_EQ(calls, 0);
  });
}

/// Elements complete while one is being made: what completes them must not wait for that.
TEST(map_range, that_is_slow_holds_up_nothing_but_the_supply) {
  on_workers(2, [] {
    std::atomic<int> done{0};
    const auto elements = std::views::iota(0, 6) | std::views::transform([&](int i) {
                            // The last one is made once those before it, which only the other worker can run, are done.
                            if (i == 5) {
                              while (done < 4) std::this_thread::yield();
                            }
                            return i;
                          });
    torc::map(torc::local([&](int) { ++done; }), elements);
    EXPECT_EQ(done, 6);
  });
}

TEST(map_range, may_not_end_the_session) {
  on_1_2_and_4_workers([] {
    const auto elements = std::views::iota(0, 500) | std::views::transform([](int i) {
                            if (i == 400) torc::shutdown();
                            return i;
                          });
    EXPECT_NE(
        message_of<torc::error>([&] { torc::map(tests::square, elements); }).find("a map's range was about to wait"),
        std::string::npos);
  });
}

}  // namespace
