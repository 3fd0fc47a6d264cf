// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors
#include <torc/expected.hpp>

#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <memory>
#include <ranges>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

#include "unit_tests/torc/in_session.hpp"

/// Maps whose elements have outcomes of their own.
namespace {

using namespace std::chrono_literals;
using tests::message_of;
using tests::on_1_2_and_4_workers;
using tests::on_workers;

std::string message_of_error(const std::exception_ptr& error) {
  return message_of<std::exception>([&] { std::rethrow_exception(error); });
}

TEST(map_expected, a_failure_costs_no_other_element_its_value) {
  on_1_2_and_4_workers([] {
    const auto body = [](int i) {
      if (i % 333 == 1) throw std::out_of_range("no " + std::to_string(i));
      return 2 * i;
    };
    for (const std::size_t chunk : {1U, 7U, 1000U}) {
      const auto results = torc::map({.chunksize = chunk}, torc::as_expected, body, std::views::iota(0, 1000));
      ASSERT_EQ(results.size(), 1000U);
      for (int i = 0; i < 1000; ++i) {
        const auto& result = results[static_cast<std::size_t>(i)];
        ASSERT_EQ(result.has_value(), i % 333 != 1) << i;
        if (result) {
          EXPECT_EQ(*result, 2 * i);
          EXPECT_EQ(result.error(), nullptr);
        } else {
          EXPECT_EQ(message_of_error(result.error()), "no " + std::to_string(i));
          EXPECT_THROW(result.value(), std::out_of_range);
          EXPECT_EQ(result.value_or(-1), -1);
        }
      }
    }
  });
}

TEST(map_expected, an_element_that_throws_is_tried_again_and_no_other) {
  on_1_2_and_4_workers([] {
    for (const std::size_t chunk : {1U, 4U, 12U}) {
      std::vector<std::atomic<int>> tries(12);
      const auto body = torc::local([&](int i) {
        const int before = tries[static_cast<std::size_t>(i)]++;
        if (i % 3 == 0 || (i % 3 == 1 && before == 0)) throw std::runtime_error(std::to_string(before));
        return i;
      });
      const auto results =
          torc::map({.chunksize = chunk, .retries = 2}, torc::as_expected, body, std::views::iota(0, 12));
      for (int i = 0; i < 12; ++i) {
        const auto at = static_cast<std::size_t>(i);
        EXPECT_EQ(tries[at], i % 3 == 0 ? 3 : i % 3 == 1 ? 2 : 1);
        EXPECT_EQ(results[at].has_value(), i % 3 != 0);
        if (!results[at]) {
          EXPECT_EQ(message_of_error(results[at].error()), "2");
        }
      }
    }
  });
}

TEST(map_expected, takes_functions_of_any_result) {
  on_1_2_and_4_workers([] {
    const std::vector<int> all{0, 1, 2};
    const auto throw_at_1 = [](int i) {
      if (i == 1) throw std::runtime_error("one");
    };
    const std::vector<torc::expected<void>> none = torc::map(torc::as_expected, throw_at_1, all);
    ASSERT_EQ(none.size(), 3U);
    EXPECT_TRUE(none[0] && !none[1] && none[2]);
    none[0].value();
    EXPECT_THROW(none[1].value(), std::runtime_error);

    auto owners = torc::map(torc::as_expected, torc::local([&](int i) {
                              throw_at_1(i);
                              return std::make_unique<int>(i);
                            }),
                            all);
    EXPECT_EQ(*std::move(owners[2]).value(), 2);
    EXPECT_FALSE(owners[1]);

    struct made_of {
      explicit made_of(int x) : value(x) {}
      int value;
    };
    const auto made = torc::map(torc::as_expected, torc::local([](int i) { return made_of(i); }), all);
    EXPECT_EQ(made[2]->value, 2);

    const auto odd = torc::map(
        torc::as_expected, [](int i) { return i % 2 == 1; }, all);
    EXPECT_FALSE(*odd[0]);
    EXPECT_TRUE(*odd[1]);
    EXPECT_TRUE(torc::map(torc::as_expected, throw_at_1, std::vector<int>{}).empty());
  });
}

TEST(map_expected, what_ends_a_task_is_the_failure_of_its_elements_alone) {
  on_1_2_and_4_workers([] {
    const auto body = torc::local([](int i) {
      while (i == 5 && !torc::stop_requested()) std::this_thread::yield();
      return i;
    });
    const auto results = torc::map({.chunksize = 2, .timeout = 1s}, torc::as_expected, body, std::views::iota(0, 10));
    ASSERT_EQ(results.size(), 10U);
    for (int i = 0; i < 10; ++i) {
      const auto& result = results[static_cast<std::size_t>(i)];
      EXPECT_EQ(result.has_value(), i != 4 && i != 5) << i;
      if (!result) {
        EXPECT_THROW(result.value(), torc::timeout_error);
      }
    }
    torc::wait();  // for the body
  });
}

TEST(map_expected, throws_what_reading_the_range_throws_when_all_have_ended) {
  on_1_2_and_4_workers([] {
    std::atomic<int> ran{0};
    auto broken = std::views::iota(0, 10) | std::views::transform([](int i) {
                    if (i == 5) throw std::runtime_error("unreadable");
                    return i;
                  });
    EXPECT_EQ(
        message_of<std::runtime_error>([&] { torc::map(torc::as_expected, torc::local([&](int) { ++ran; }), broken); }),
        "unreadable");
    EXPECT_EQ(ran, 5);
    EXPECT_THROW(torc::map(
                     {.worker = 99}, torc::as_expected, [](int) {}, std::vector<int>{1}),
                 std::out_of_range);
  });
}

TEST(map_expected, keeps_no_more_elements_than_the_workers_need) {
  using tests::counted;
  on_workers(4, [] {
    counted::forget_most();
    const int before = counted::alive();
    const auto inputs = std::views::iota(0, 5000) | std::views::transform([](int i) { return counted(i); });
    const auto results = torc::map(
        torc::as_expected,
        [](const counted& c) {
          if (c.value % 2 == 1) throw c.value;
          return c.value;
        },
        inputs);
    EXPECT_EQ(results.size(), 5000U);
    EXPECT_EQ(*results[4998], 4998);
    EXPECT_LT(counted::most_alive() - before, 100);
  });
}

TEST(map_expected, is_there_in_executors_too) {
  on_workers(2, [] {
    torc::executor tasks;
    const auto results = tasks.map(
        torc::as_expected,
        [](int i) {
          if (i == 0) throw std::runtime_error("none");
          return i;
        },
        std::vector<int>{0, 1});
    EXPECT_FALSE(results[0]);
    EXPECT_EQ(results[1].value(), 1);
  });
}

}  // namespace
