// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors
#include <torc/when_all.hpp>

#include <gtest/gtest.h>

#include <list>
#include <stdexcept>
#include <string>
#include <tuple>
#include <type_traits>
#include <variant>
#include <vector>

#include "unit_tests/torc/in_session.hpp"

namespace {

using tests::on_1_2_and_4_workers;
using tests::on_workers;
using tests::on_workers_with_main;
using tests::signal;

TEST(when_all, gives_a_tuple_of_the_values) {
  on_1_2_and_4_workers([] {
    auto a = torc::submit([] { return 1; });
    auto b = torc::submit([] { return std::string("two"); });
    auto nothing = torc::submit([] {});
    auto all = torc::when_all(a, b, nothing);
    static_assert(std::is_same_v<decltype(all), torc::future<std::tuple<int, std::string, std::monostate>>>);
    EXPECT_EQ(all.result(), std::make_tuple(1, std::string("two"), std::monostate{}));
  });
}

TEST(when_all, comes_before_tasks_that_have_not_begun) {
  on_workers_with_main(1, [] {
    std::string order;
    std::vector<torc::future<void>> tasks;
    for (const char name : {'a', 'b', 'c', 'd'})
      tasks.push_back(torc::submit(torc::local([&order, name] { order += name; })));
    torc::when_all(tasks[0], tasks[1]).then([&order](const auto& /*values*/) { order += '.'; });
    torc::when_all(std::vector{tasks[2]}).then([&order](const auto& /*values*/) { order += ','; });
    torc::wait();
    EXPECT_EQ(order, "ab.c,d");
  });
}

TEST(when_all, gives_a_vector_of_the_values_of_a_range_in_input_order) {
  on_1_2_and_4_workers([] {
    std::list<torc::future<int(int)>> futures;
    for (int i = 0; i < 50; ++i) futures.push_back(torc::submit([](int x) { return x; }, i));
    const std::vector<int> values = torc::when_all(futures).result();
    ASSERT_EQ(values.size(), 50U);
    for (int i = 0; i < 50; ++i) EXPECT_EQ(values[static_cast<std::size_t>(i)], i);
    EXPECT_TRUE(torc::when_all(std::vector<torc::future<int>>{}).result().empty());
    EXPECT_EQ(torc::when_all(std::vector{torc::submit([] {})}).result().size(), 1U);
  });
}

TEST(when_all, is_done_only_when_all_are) {
  on_workers(2, [] {
    signal go_on;
    auto slow = torc::submit({.worker = 1, .pinned = true}, torc::local([&] { go_on.block(); }));
    auto quick = torc::submit({.worker = 0, .pinned = true}, torc::local([] {}));
    auto all = torc::when_all(quick, slow);
    quick.result();
    EXPECT_FALSE(all.done());
    EXPECT_FALSE(all.running());
    go_on.raise();
    all.result();
  });
}

TEST(when_all, fails_with_the_first_failure_in_argument_order_once_all_have_ended) {
  on_workers(2, [] {
    signal go_on;
    auto good = torc::submit([] { return 0; });
    auto first = torc::submit({.worker = 1, .pinned = true}, torc::local([&]() -> int {
                                go_on.block();
                                throw std::range_error("first");
                              }));
    auto second =
        torc::submit({.worker = 0, .pinned = true}, torc::local([]() -> int { throw std::domain_error("second"); }));
    auto tuple = torc::when_all(good, first, second);
    auto list = torc::when_all(std::vector<torc::future<int>>{good, first, second});
    EXPECT_THROW(second.result(), std::domain_error);
    EXPECT_FALSE(tuple.done());
    EXPECT_FALSE(list.done());
    go_on.raise();
    EXPECT_THROW(tuple.result(), std::range_error);
    EXPECT_THROW(list.result(), std::range_error);
  });
}

TEST(when_all, fails_for_a_cancelled_one) {
  on_workers_with_main(1, [] {
    auto f = torc::submit([] { return 1; });
    auto all = torc::when_all(f);
    EXPECT_TRUE(f.cancel());
    EXPECT_THROW(all.result(), torc::cancelled_error);
  });
}

TEST(when_all, long_chains_of_it_work) {
  on_workers(2, [] {
    torc::future<std::tuple<int>> last = torc::when_all(torc::submit([] { return 7; }));
    for (int i = 0; i < 50'000; ++i)
      last = torc::when_all(last.then([](const std::tuple<int>& t) { return std::get<0>(t); }));
    EXPECT_EQ(std::get<0>(last.result()), 7);
  });
}

TEST(when_all, is_a_child_of_the_calling_task_and_can_be_continued) {
  on_1_2_and_4_workers([] {
    int sum = 0;
    auto a = torc::submit([] { return 3; });
    auto b = torc::submit([] { return 4; });
    torc::when_all(a, b).then(
        [&sum](const std::tuple<int, int>& values) { sum = std::get<0>(values) + std::get<1>(values); });
    torc::wait();
    EXPECT_EQ(sum, 7);
  });
}

}  // namespace
