// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors
#include <torc/same.hpp>

#include <gtest/gtest.h>

#include <atomic>
#include <memory>
#include <ranges>
#include <stdexcept>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "unit_tests/torc/in_session.hpp"

/// Maps some of whose arguments are the same for all elements.
namespace {

using tests::counted;
using tests::on_1_2_and_4_workers;
using tests::on_workers;

double horner(const std::vector<double>& coefficients, double x, int sign) {
  double y = 0;
  for (const double c : coefficients) y = y * x + c;
  return sign * y;
}

TEST(map_same, gives_each_element_the_same_argument_in_any_place) {
  on_1_2_and_4_workers([] {
    const std::vector<double> line{2, 1};
    const std::vector<double> xs{0, 1, 2};
    for (const std::size_t chunk : {1U, 2U, 5U}) {
      EXPECT_EQ(torc::map({.chunksize = chunk}, horner, torc::same(line), xs, torc::same(-1)),
                (std::vector<double>{-1, -3, -5}));
      EXPECT_EQ(torc::map({.chunksize = chunk}, horner, torc::same(line), torc::same(3.0), std::vector<int>{1, -1}),
                (std::vector<double>{7, -7}));
    }
    const auto join = [](const auto& a, auto b) { return a + b; };
    EXPECT_EQ(torc::map(join, std::vector<int>{1, 2}, torc::same(10)), (std::vector<int>{11, 12}));
    EXPECT_EQ(torc::map([](const std::string& s, int i) { return s + std::to_string(i); }, torc::same("n"),
                        std::vector<int>{1, 2}),
              (std::vector<std::string>{"n1", "n2"}));
    EXPECT_TRUE(torc::map(horner, torc::same(line), std::vector<double>{}, torc::same(1)).empty());
  });
}

TEST(map_same, makes_one_copy_for_all) {
  on_workers(4, [] {
    const counted model(7);
    counted::forget_most();
    const int before = counted::alive();
    const auto body = torc::local([](const counted& m, int i) { return m.value * i; });
    EXPECT_EQ(torc::map(body, torc::same(model), std::views::iota(0, 1000))[999], 7 * 999);
    EXPECT_EQ(counted::most_alive() - before, 1);
    while (counted::alive() != before) std::this_thread::yield();  // a worker may hold the last task for a moment
    counted given(8);
    EXPECT_EQ(torc::map(body, torc::same(std::move(given)), std::vector<int>{2}), (std::vector<int>{16}));
    EXPECT_EQ(given.value, -1);
  });
}

TEST(map_same, shares_what_cannot_be_copied) {
  on_1_2_and_4_workers([] {
    const auto body = [](const std::unique_ptr<int>& p, int i) { return *p + i; };
    EXPECT_EQ(torc::map(body, torc::same(std::make_unique<int>(5)), std::vector<int>{1, 2}), (std::vector<int>{6, 7}));
  });
}

TEST(map_same, a_body_may_take_a_copy_apart) {
  on_1_2_and_4_workers([] {
    const std::vector<int> all{1, 2, 3};
    const auto by_value = [](std::vector<int> v, int i) {
      v.push_back(i);
      return v.size();
    };
    EXPECT_EQ(torc::map(by_value, torc::same(all), all), (std::vector<std::size_t>{4, 4, 4}));
    const auto by_rvalue = [](std::vector<int>&& v, int i) {
      v.push_back(i);
      return v.size();
    };
    EXPECT_EQ(torc::map(by_rvalue, torc::same(all), all), (std::vector<std::size_t>{4, 4, 4}));
  });
}

TEST(map_same, goes_together_with_options_and_outcomes) {
  on_1_2_and_4_workers([] {
    const auto body = [](int limit, int i) {
      if (i > limit) throw std::runtime_error("too large");
      return i;
    };
    const auto results = torc::map({.chunksize = 2, .name = "limited", .retries = 1}, torc::as_expected, body,
                                   torc::same(2), std::views::iota(0, 5));
    for (int i = 0; i < 5; ++i) EXPECT_EQ(results[static_cast<std::size_t>(i)].has_value(), i <= 2);
    torc::executor tasks;
    EXPECT_EQ(tasks.map(body, torc::same(9), std::vector<int>{1}), std::vector<int>{1});
  });
}

}  // namespace
