// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors
#include <torc/time_span.hpp>

#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <cstdint>
#include <limits>
#include <stdexcept>
#include <thread>
#include <vector>

#include "unit_tests/torc/in_session.hpp"

/// Times are given as numbers of seconds or as std::chrono durations.
namespace {

using namespace std::chrono_literals;
using tests::message_of;
using tests::on_1_2_and_4_workers;
using tests::on_workers;

constexpr double infinity = std::numeric_limits<double>::infinity();
constexpr double not_a_number = std::numeric_limits<double>::quiet_NaN();

/// A task that another worker than the caller's runs, until it is let go.
class held_task {
 public:
  held_task() {
    is_held = true;
    m_future = torc::submit({.worker = 1, .pinned = true}, [] {
      while (is_held) std::this_thread::yield();
      return 7;
    });
  }
  ~held_task() { let_go(); }
  void let_go() { is_held = false; }
  const torc::future<int>& future() const { return m_future; }

 private:
  static inline std::atomic<bool> is_held;
  torc::future<int> m_future;
};

TEST(time_span, are_given_as_a_number_or_as_a_duration) {
  static_assert(torc::time_span(3) == 3s);
  static_assert(torc::time_span(0.5) == 500ms);
  static_assert(torc::time_span(2.0F) == 2s);
  static_assert(torc::time_span(std::uint8_t{200}) == 200s);
  static_assert(torc::time_span(-1).count() == -1);
  static_assert(torc::time_span() == 0s);
  static_assert(torc::time_span(std::chrono::duration<float, std::milli>(250)) == 250ms);
  EXPECT_EQ(torc::time_span(std::chrono::hours::max()).count(),
            3600.0 * static_cast<double>(std::chrono::hours::max().count()));
  EXPECT_EQ(torc::time_span(std::numeric_limits<std::uint64_t>::max()).count(), 18446744073709551616.0);
  const std::chrono::duration<double> standard = torc::time_span(4);
  EXPECT_EQ(standard, 4s);
}

TEST(time_span, stand_wherever_a_time_is_given) {
  EXPECT_EQ((torc::task_options{.timeout = 3}), (torc::task_options{.timeout = 3s}));
  EXPECT_EQ((torc::task_options{.timeout = 0.25}), (torc::task_options{.timeout = 250ms}));
  EXPECT_EQ((torc::map_options{.timeout = 3}).timeout, 3s);
  EXPECT_EQ((torc::options{.worker_yieldtime = 0.001, .team_grace = 5, .stall = {.after = 60}}),
            (torc::options{.worker_yieldtime = 1ms, .team_grace = 5s, .stall = {.after = 1min}}));
}

TEST(time_span, a_wait_as_long_as_can_be_written_does_not_end_early) {
  on_1_2_and_4_workers([] {
    for (const double longest : {60.0, 1e10, 1e300, std::numeric_limits<double>::max(), infinity}) {
      EXPECT_EQ(torc::submit(tests::identity, 1).result(longest), 1);
      EXPECT_EQ(torc::submit(tests::identity, 2).exception(longest), nullptr);
      const std::vector futures{torc::submit(tests::identity, 3), torc::submit(tests::identity, 4)};
      EXPECT_EQ(torc::wait(futures, longest).not_done.size(), 0U);
      int yielded = 0;
      for (const auto& f : torc::as_completed(std::vector{torc::submit(tests::identity, 5)}, longest))
        yielded += f.result();
      EXPECT_EQ(yielded, 5);
    }
    EXPECT_EQ(torc::submit(tests::identity, 6).result(torc::forever), 6);
    EXPECT_EQ(torc::submit(tests::identity, 6).result(std::chrono::hours::max()), 6);
  });
}

TEST(time_span, a_wait_with_less_than_no_time_ends_at_once) {
  on_workers(2, [] {
    held_task held;
    const std::vector futures{held.future()};
    for (const double none : {0.0, -0.0, -1.0, -1e300, -infinity}) {
      EXPECT_THROW(held.future().result(none), torc::timeout_error);
      EXPECT_THROW(held.future().exception(none), torc::timeout_error);
      EXPECT_EQ(torc::wait(futures, none).done.size(), 0U);
      EXPECT_THROW(torc::as_completed(futures, none).begin(), torc::timeout_error);
    }
    held.let_go();
    torc::wait();
    EXPECT_EQ(held.future().result(-1), 7);
    EXPECT_EQ(torc::wait(futures, -infinity).done.size(), 1U);
  });
}

TEST(time_span, a_wait_for_what_is_no_number_is_refused) {
  on_workers(2, [] {
    held_task held;
    const std::vector futures{held.future()};
    EXPECT_EQ(message_of<std::invalid_argument>([&] { held.future().result(not_a_number); }),
              "result: a timeout must be a number of seconds, not NaN");
    EXPECT_THROW(held.future().exception(not_a_number), std::invalid_argument);
    EXPECT_EQ(message_of<std::invalid_argument>([&] { torc::wait(futures, not_a_number); }),
              "wait: a timeout must be a number of seconds, not NaN");
    EXPECT_THROW(torc::as_completed(futures, -not_a_number), std::invalid_argument);
  });
}

TEST(time_span, a_task_may_have_a_timeout_of_any_length) {
  on_1_2_and_4_workers([] {
    for (const double longest : {0.0, 60.0, 1e10, 1e300, std::numeric_limits<double>::max(), infinity}) {
      EXPECT_EQ(torc::submit({.timeout = longest}, tests::identity, 1).result(), 1);
      EXPECT_EQ(torc::map({.timeout = longest}, tests::identity, std::vector<int>{1, 2}), (std::vector<int>{1, 2}));
    }
    for (const double refused : {-1e-300, -1.0, -infinity, not_a_number}) {
      EXPECT_THROW(torc::submit({.timeout = refused}, tests::identity, 1), std::invalid_argument);
      EXPECT_THROW(torc::map({.timeout = refused}, tests::identity, std::vector<int>{1}), std::invalid_argument);
    }
  });
}

}  // namespace
