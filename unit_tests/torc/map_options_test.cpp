// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors
#include <torc/map.hpp>

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

/// A map's tasks take the options of tasks.
namespace {

using tests::identity;
using tests::message_of;
using tests::on_1_2_and_4_workers;
using tests::on_workers;
using tests::on_workers_with_main;
using namespace std::chrono_literals;

/// How many run at one time, at most.
class crowd {
 public:
  void enter() {
    const int now = ++m_inside;
    int before = m_most;
    while (before < now && !m_most.compare_exchange_weak(before, now)) {
    }
  }
  void leave() { --m_inside; }
  int most() const { return m_most; }

 private:
  std::atomic<int> m_inside{0};
  std::atomic<int> m_most{0};
};

TEST(map_options, a_pinned_map_runs_on_its_worker) {
  on_1_2_and_4_workers([] {
    const auto worker = [](int) { return torc::worker_id(); };
    for (int w = 0; w < torc::num_workers(); ++w) {
      EXPECT_EQ(torc::map({.chunksize = 3, .worker = w, .pinned = true}, worker, std::views::iota(0, 100)),
                std::vector<int>(100, w));
    }
  });
}

TEST(map_options, a_map_with_a_priority_comes_before_what_was_submitted_first) {
  on_workers_with_main(1, [] {
    std::vector<int> order;
    const auto note = torc::local([&](int i) { order.push_back(i); });
    torc::submit(note, -1);
    torc::map({.priority = 1.0}, note, std::vector<int>{1, 2});
    EXPECT_EQ(order, (std::vector<int>{1, 2}));
    torc::wait();
    EXPECT_EQ(order, (std::vector<int>{1, 2, -1}));
  });
}

TEST(map_options, elements_that_throw_are_run_again_and_no_others) {
  on_1_2_and_4_workers([] {
    std::vector<std::atomic<int>> tries(10);
    const auto body = torc::local([&](int i) {
      if (++tries[static_cast<std::size_t>(i)] == 1 && i % 2 == 1) throw std::runtime_error("once");
      return i;
    });
    EXPECT_EQ(torc::map({.chunksize = 2, .retries = 1}, body, std::views::iota(0, 10)),
              torc::map(identity, std::views::iota(0, 10)));
    for (std::size_t i = 0; i < tries.size(); ++i) EXPECT_EQ(tries[i], 1 + static_cast<int>(i % 2));
    const auto always = torc::local([](int i) -> int { throw std::runtime_error(std::to_string(i)); });
    EXPECT_EQ(message_of<std::runtime_error>([&] { torc::map({.retries = 2}, always, std::vector<int>{7, 8}); }), "7");
  });
}

TEST(map_options, retries_need_arguments_that_can_be_copied) {
  on_workers_with_main(1, [] {
    std::vector<std::unique_ptr<int>> owners;
    owners.push_back(std::make_unique<int>(3));
    auto moved = std::views::transform(owners, [](auto& p) { return std::move(p); });
    const auto body = torc::local([](const std::unique_ptr<int>& p) { return *p; });
    EXPECT_THROW(torc::map({.retries = 1}, body, moved), std::invalid_argument);
    EXPECT_EQ(torc::map({.name = "moved"}, body, moved), (std::vector<int>{3}));
  });
}

TEST(map_options, a_task_that_is_too_slow_fails_the_map_when_the_rest_has_ended) {
  on_1_2_and_4_workers([] {
    std::atomic<int> ran{0};
    const auto body = torc::local([&](int i) {
      ++ran;
      while (i == 3 && !torc::stop_requested()) {
      }
    });
    const auto all = std::views::iota(0, 20);
    EXPECT_NE(message_of<torc::timeout_error>([&] {
                torc::map({.name = "slow", .timeout = 20ms}, body, all);
              }).find("task 'slow' ran longer"),
              std::string::npos);
    torc::wait();  // for the body
    EXPECT_EQ(ran, 20);
  });
}

TEST(map_options, a_limit_holds_for_all_its_tasks) {
  on_workers(4, [] {
    torc::set_limit("licence", 2);
    crowd inside;
    const auto body = torc::local([&](int i) {
      inside.enter();
      torc::submit(identity, 1).result();  // holds the limit while it waits
      inside.leave();
      return i;
    });
    EXPECT_EQ(torc::map({.limit = "licence"}, body, std::views::iota(0, 200)).size(), 200U);
    EXPECT_LE(inside.most(), 2);
  });
}

TEST(map_options, tasks_with_cores_have_their_workers_to_themselves) {
  on_workers(4, [] {
    crowd inside;
    const auto body = torc::local([&](int i) {
      inside.enter();
      std::this_thread::yield();
      inside.leave();
      return i;
    });
    EXPECT_EQ(torc::map({.chunksize = 5, .cores = 2}, body, std::views::iota(0, 100)).size(), 100U);
    EXPECT_LE(inside.most(), 2);
  });
}

TEST(map_options, that_submit_would_refuse_are_refused_before_anything_runs) {
  on_workers(2, [] {
    std::atomic<int> ran{0};
    const auto body = torc::local([&](int) { ++ran; });
    const auto all = std::views::iota(0, 10);
    EXPECT_THROW(torc::map({.worker = 2}, body, all), std::out_of_range);
    EXPECT_THROW(torc::map({.retries = -1}, body, all), std::invalid_argument);
    EXPECT_THROW(torc::map({.timeout = -1s}, body, all), std::invalid_argument);
    EXPECT_THROW(torc::map({.cores = 3}, body, all), std::out_of_range);
    EXPECT_THROW(torc::map({.limit = "unknown"}, body, all), std::out_of_range);
    EXPECT_EQ(ran, 0);
  });
}

}  // namespace
