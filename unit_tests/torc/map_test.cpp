// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors
#include <torc/map.hpp>

#include <gtest/gtest.h>

#include <atomic>
#include <forward_list>
#include <memory>
#include <ranges>
#include <sstream>
#include <stdexcept>
#include <string>
#include <vector>

#include "unit_tests/torc/in_session.hpp"

namespace {

using tests::counted;
using tests::on_1_2_and_4_workers;
using tests::on_workers;

TEST(map, gives_the_results_in_input_order) {
  on_1_2_and_4_workers([] {
    const std::vector<int> data{5, 3, 8, 1};
    EXPECT_EQ(torc::map(tests::square, data), (std::vector<int>{25, 9, 64, 1}));
    EXPECT_TRUE(torc::map(tests::square, std::vector<int>{}).empty());
    const auto many = torc::map(tests::square, std::views::iota(0, 10000));
    ASSERT_EQ(many.size(), 10000U);
    for (int i = 0; i < 10000; ++i) ASSERT_EQ(many[static_cast<std::size_t>(i)], i * i);
  });
}

TEST(map, chunks_change_nothing_but_the_number_of_tasks) {
  on_1_2_and_4_workers([] {
    const auto plain = torc::map(tests::square, std::views::iota(0, 100));
    for (const std::size_t chunk : {1U, 3U, 32U, 100U, 1000U}) {
      const auto before = torc::stats().created;
      EXPECT_EQ(torc::map({.chunksize = chunk}, tests::square, std::views::iota(0, 100)), plain);
      EXPECT_EQ(torc::stats().created - before, (100 + chunk - 1) / chunk);
    }
    EXPECT_THROW(torc::map({.chunksize = 0}, tests::square, std::views::iota(0, 100)), std::invalid_argument);
  });
}

TEST(map, the_shortest_of_several_ranges_ends_it) {
  on_1_2_and_4_workers([] {
    const auto join = [](const std::string& s, int i) { return s + std::to_string(i); };
    EXPECT_EQ(torc::map(join, std::vector<std::string>{"a", "b", "c"}, std::views::iota(7)),
              (std::vector<std::string>{"a7", "b8", "c9"}));
    EXPECT_EQ(torc::map(join, std::vector<std::string>{"a", "b", "c"}, std::forward_list<int>{1, 2}),
              (std::vector<std::string>{"a1", "b2"}));
  });
}

TEST(map, reads_single_pass_ranges_of_unknown_length) {
  on_1_2_and_4_workers([] {
    std::istringstream text("1 2 3 4 5");
    EXPECT_EQ(torc::map(tests::square, std::views::istream<int>(text)), (std::vector<int>{1, 4, 9, 16, 25}));
  });
}

/// Can neither be made without a value nor copied.
struct handle {
  explicit handle(int v) : value(std::make_unique<int>(v)) {}
  template <class Archive>
  void serialize(Archive& archive) {
    archive(*value);
  }
  std::unique_ptr<int> value;
};

TEST(map, takes_all_kinds_of_results) {
  on_1_2_and_4_workers([] {
    static std::atomic<int> calls;
    calls = 0;
    torc::map([](int) { ++calls; }, std::views::iota(0, 50));
    EXPECT_EQ(calls, 50);
    const std::vector<bool> even = torc::map([](int i) { return i % 2 == 0; }, std::views::iota(0, 200));
    for (std::size_t i = 0; i < 200; ++i) ASSERT_EQ(even[i], i % 2 == 0);
    const auto handles = torc::map(torc::local([](int i) { return handle(i); }), std::views::iota(0, 50));
    for (std::size_t i = 0; i < 50; ++i) ASSERT_EQ(*handles[i].value, static_cast<int>(i));
  });
}

TEST(map, throws_the_first_failure_in_input_order_after_the_rest_have_ended) {
  on_1_2_and_4_workers([] {
    for (const std::size_t chunk : {1U, 4U}) {
      static std::atomic<int> calls;
      calls = 0;
      const auto body = [](int i) {
        ++calls;
        if (i % 10 == 3) throw std::runtime_error(std::to_string(i));
        return i;
      };
      EXPECT_EQ(tests::message_of<std::runtime_error>(
                    [&] { torc::map({.chunksize = chunk}, body, std::views::iota(0, 100)); }),
                "3");
      EXPECT_EQ(calls, 100);
    }
  });
}

TEST(map, a_range_that_throws_ends_it_with_that) {
  on_1_2_and_4_workers([] {
    const auto elements = std::views::iota(0, 100) | std::views::transform([](int i) {
                            if (i == 40) throw std::out_of_range("element 40");
                            return i;
                          });
    EXPECT_EQ(tests::message_of<std::out_of_range>([&] { torc::map(tests::square, elements); }), "element 40");
    EXPECT_EQ(torc::map(tests::square, std::vector<int>{2}), std::vector<int>{4});
  });
}

TEST(map, a_range_that_waits_is_refused) {
  on_1_2_and_4_workers([] {
    const auto elements = std::views::iota(0, 1000) |
                          std::views::transform([](int i) { return torc::submit(tests::square, i).result(); });
    // Where the element is ready by chance reading it is no wait; a thousand are not.
    EXPECT_THROW(torc::map(tests::square, elements), torc::error);
  });
}

#if !defined(__NVCC__)  // it refuses std::views::transform to a type that has no constexpr destructor
TEST(map, memory_beyond_input_and_output_stays_flat) {
  on_1_2_and_4_workers([] {
    counted::forget_most();
    const int before = counted::alive();
    const auto elements = std::views::iota(0, 5000) | std::views::transform([](int i) { return counted(i); });
    const auto sum = [](const counted& c) { return c.value; };
    const auto values = torc::map(sum, elements);
    EXPECT_EQ(values.back(), 4999);
    torc::wait();  // the last elements are freed when their tasks end, just after the results are there
    EXPECT_EQ(counted::alive(), before);
    EXPECT_LE(counted::most_alive() - before, 200);
  });
}
#endif

TEST(map, the_supply_goes_on_while_the_workers_of_the_caller_are_busy) {
  on_workers(2, [] {
    // The caller's worker is held until the other one has done all of the map, which is much more than what is queued
    // at first.
    std::atomic<int> done{0};
    tests::signal all_done;
    const auto caller = [&] {
      torc::submit({.worker = 0, .pinned = true}, torc::local([&] { all_done.block(); }));
      torc::map(torc::local([&](int) {
                  if (++done == 2000) all_done.raise();
                }),
                std::views::iota(0, 2000));
    };
    torc::submit({.worker = 0, .pinned = true}, torc::local(caller)).result();
    EXPECT_EQ(done, 2000);
  });
}

TEST(map, can_be_nested) {
  on_1_2_and_4_workers([] {
    const auto row = [](int i) {
      int sum = 0;
      for (const int x :
           torc::map([](int a, int b) { return a * b; }, std::views::iota(0, 20), std::vector<int>(20, i)))
        sum += x;
      return sum;
    };
    const auto sums = torc::map(row, std::views::iota(0, 20));
    for (int i = 0; i < 20; ++i) EXPECT_EQ(sums[static_cast<std::size_t>(i)], 190 * i);
  });
}

TEST(map, random_numbers_depend_on_neither_workers_nor_chunks) {
  std::vector<std::vector<std::uint64_t>> runs;
  for (const std::size_t chunk : {1U, 7U}) {
    on_1_2_and_4_workers([&] {
      const auto draw = [](int) {
        return torc::task_rng()() ^ torc::submit([](int) { return torc::task_rng()(); }, 0).result();
      };
      runs.push_back(torc::map({.chunksize = chunk}, draw, std::views::iota(0, 100)));
    });
  }
  for (const auto& run : runs) EXPECT_EQ(run, runs.front());
  EXPECT_NE(runs[0][0], runs[0][1]);
}

}  // namespace
