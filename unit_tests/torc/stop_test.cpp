// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <torc/executor.hpp>

#include <atomic>
#include <numeric>
#include <ranges>
#include <stdexcept>
#include <string>
#include <thread>
#include <torc/torc.hpp>
#include <vector>

#include "unit_tests/torc/in_session.hpp"
#include "unit_tests/torc/stopping.hpp"

/// What the tasks of a session see of a signal that stops it.
namespace {

using ::testing::HasSubstr;
using ::testing::Not;
using tests::run_until_stopped;
using tests::stop_by;

class stop : public ::testing::Test {
 protected:
  stop() { tests::have_default_handlers(); }
};

/// Of a session that is stopped while main runs, which need not wait for its thread.
template <class Body>
int status_of_stopped(int workers, Body body, int signal = SIGINT) {
  return tests::session_status({.workers = workers, .primary = torc::primary_place::thread}, [&] {
    stop_by(signal);
    body();
    return 0;
  });
}

/// Keeps all workers while it lives, whatever the session wants of them.
class held_workers {
 public:
  explicit held_workers(int workers) {
    for (int i = 0; i < workers; ++i) {
      m_bodies.push_back(torc::submit({.worker = i, .pinned = true}, torc::local([this] {
                                        ++m_num_held;
                                        m_let_go.block();
                                        return 0;
                                      })));
    }
    while (m_num_held < workers) std::this_thread::yield();
  }
  ~held_workers() {
    m_let_go.raise();
    torc::wait(m_bodies);
  }

 private:
  std::atomic<int> m_num_held{0};
  tests::signal m_let_go;
  std::vector<torc::future<int>> m_bodies;
};

TEST_F(stop, gives_the_status_of_the_signal_whatever_main_returns) {
  for (const int workers : {1, 2, 4}) {
    EXPECT_EQ(status_of_stopped(workers, [] {}), 128 + SIGINT);
    EXPECT_EQ(status_of_stopped(
                  workers, [] {}, SIGTERM),
              128 + SIGTERM);
  }
  EXPECT_EQ(tests::session_status({},
                                  [] {
                                    stop_by(SIGTERM);
                                    return 7;
                                  }),
            128 + SIGTERM);
}

TEST_F(stop, leaves_nothing_to_the_next_session) {
  EXPECT_EQ(status_of_stopped(2, [] {}), 130);
  EXPECT_EQ(::signal(SIGINT, SIG_DFL), SIG_DFL);
  EXPECT_EQ(::signal(SIGTERM, SIG_DFL), SIG_DFL);
  tests::on_workers(2, [] {
    EXPECT_FALSE(torc::stop_requested());
    EXPECT_EQ(torc::submit(tests::square, 3).result(), 9);
  });
}

TEST_F(stop, fails_what_has_not_begun_and_keeps_what_has) {
  for (const int workers : {1, 2, 4}) {
    EXPECT_EQ(tests::session_status({.workers = workers},
                                    [&] {
                                      std::vector<torc::future<int>> all;
                                      for (int i = 0; i < 100; ++i) {
                                        all.push_back(torc::submit(torc::local([i] {
                                          if (i == 0) stop_by(SIGINT);
                                          return run_until_stopped(i);
                                        })));
                                      }
                                      torc::wait();
                                      int num_values = 0;
                                      for (const auto& f : all) {
                                        ASSERT_TRUE(f.done());
                                        if (f.cancelled()) {
                                          EXPECT_THROW(f.result(), torc::stopped_error);
                                          EXPECT_TRUE(f.cancel());
                                        } else {
                                          EXPECT_EQ(f.result(), &f - all.data());
                                          ++num_values;
                                        }
                                      }
                                      EXPECT_GE(num_values, 1);
                                      EXPECT_LE(num_values, workers);
                                    }),
              130);
  }
}

/// By main's own thread.
TEST_F(stop, lets_every_wait_return_though_all_workers_are_held) {
  for (const int workers : {1, 2, 4}) {
    std::atomic<int> num_called{0};
    EXPECT_EQ(tests::session_status(
                  {.workers = workers, .primary = torc::primary_place::thread},
                  [&] {
                    torc::set_limit("licence", 1);
                    const held_workers held(workers);
                    std::vector<torc::future<int>> all;
                    for (int i = 0; i < 10; ++i) all.push_back(torc::submit(tests::square, i));
                    all.push_back(torc::submit({.worker = workers - 1, .pinned = true}, tests::square, 1));
                    all.push_back(torc::submit({.priority = 2.0}, tests::square, 1));
                    all.push_back(torc::submit({.timeout = 100}, tests::square, 1));
                    all.push_back(torc::submit({.cores = workers}, tests::square, 1));
                    all.push_back(torc::submit({.limit = "licence"}, tests::square, 1));
                    all.push_back(all.front().then([](int x) { return x; }));
                    const auto of_all = torc::when_all(all);
                    all.front().add_done_callback([&](const auto&) { ++num_called; });
                    std::thread mapper(
                        [] { EXPECT_THROW(torc::map(tests::square, std::views::iota(0, 100)), torc::stopped_error); });
                    std::thread waiter([&] { EXPECT_THROW(all.back().result(), torc::stopped_error); });
                    stop_by(SIGINT);
                    mapper.join();
                    waiter.join();
                    EXPECT_EQ(torc::wait(all).not_done.size(), 0U);
                    for (const auto& f : torc::as_completed(all)) {
                      EXPECT_THROW(f.result(), torc::stopped_error);
                      EXPECT_TRUE(f.exception() != nullptr);
                    }
                    EXPECT_THROW(of_all.result(), torc::cancelled_error);
                    EXPECT_THROW(torc::submit(tests::square, 1).result(), torc::stopped_error);
                    EXPECT_THROW(torc::submit({.limit = "licence"}, tests::square, 1).result(10), torc::stopped_error);
                  }),
              130);
    EXPECT_EQ(num_called, 1);
  }
}

TEST_F(stop, lets_what_waits_below_begun_tasks_go_on) {
  for (const int workers : {1, 2, 4}) {
    std::atomic<int> num_stopped{0};
    EXPECT_EQ(tests::session_status({.workers = workers},
                                    [&] {
                                      const auto outer = torc::submit(torc::local([&] {
                                        const auto inner = torc::submit(torc::local([&] {
                                          stop_by(SIGTERM);
                                          try {
                                            torc::submit(tests::square, 2).result();
                                          } catch (const torc::stopped_error&) {
                                            ++num_stopped;
                                            throw;
                                          }
                                          return 0;
                                        }));
                                        return inner.result();
                                      }));
                                      EXPECT_THROW(outer.result(), torc::stopped_error);
                                    }),
              143);
    EXPECT_EQ(num_stopped, 1);
  }
}

TEST_F(stop, is_no_failure_that_counts_and_nothing_is_retried) {
  std::atomic<int> num_tries{0};
  testing::internal::CaptureStderr();
  EXPECT_EQ(tests::session_status({},
                                  [&] {
                                    torc::submit(torc::task_options{.retries = 5}, torc::local([&] {
                                                   if (++num_tries == 1) stop_by(SIGINT);
                                                   torc::submit(tests::square, 2).result();
                                                 }));
                                    torc::submit(torc::local([] { throw std::runtime_error("never seen"); }));
                                  }),
            130);
  EXPECT_EQ(num_tries, 1);
  EXPECT_THAT(testing::internal::GetCapturedStderr(), Not(HasSubstr("stopped_error")));
}

TEST_F(stop, calls_back_about_what_has_ended) {
  for (const int workers : {1, 2}) {
    std::atomic<int> sum{0};
    EXPECT_EQ(tests::session_status({.workers = workers},
                                    [&] {
                                      const auto f = torc::submit(torc::local([] {
                                        stop_by(SIGINT);
                                        return 5;
                                      }));
                                      f.add_done_callback([&](const auto& done) { sum += done.result(); });
                                      torc::wait();
                                    }),
              130);
    EXPECT_EQ(sum, 5);
  }
}

TEST_F(stop, calls_back_while_bodies_submit_without_end) {
  constexpr int num_submitters = 3;
  const auto main = [] {
    std::atomic<int> num_begun{0};
    std::atomic<int> num_submitted{0};
    std::atomic<bool> is_free{false};
    std::atomic<bool> is_called{false};
    const auto ended = torc::submit(tests::square, 3);
    ended.result();
    const auto submits = torc::local([&] {
      ++num_begun;
      run_until_stopped(0);
      for (; !is_called; ++num_submitted) torc::submit(tests::square, 3);
    });
    for (int i = 0; i < num_submitters; ++i) torc::submit(submits);
    torc::submit(torc::local([&] {
      ++num_begun;
      while (!is_free) std::this_thread::yield();
    }));
    while (num_begun <= num_submitters) std::this_thread::yield();
    ended.add_done_callback([&](const torc::future<int>&) { is_called = true; });
    stop_by(SIGINT);
    while (num_submitted < 100'000) std::this_thread::yield();
    is_free = true;
    torc::wait();
    EXPECT_TRUE(is_called);
  };
  EXPECT_EQ(tests::session_status({.workers = num_submitters + 1, .primary = torc::primary_place::thread}, main), 130);
}

TEST_F(stop, ends_maps_without_reading_their_ranges_to_the_end) {
  const auto stop_at_3 = [](int x) {
    if (x == 3) stop_by(SIGINT);
    return x > 3 ? run_until_stopped(x) : x;
  };
  for (const int workers : {1, 2}) {
    EXPECT_EQ(tests::session_status(
                  {.workers = workers},
                  [&] {
                    EXPECT_THROW(torc::map(torc::local(stop_at_3), std::views::iota(0)), torc::stopped_error)
                        << "of a range without end";
                  }),
              130);
    EXPECT_EQ(tests::session_status({.workers = workers},
                                    [&] {
                                      const auto all = torc::map(torc::as_expected, torc::local(stop_at_3),
                                                                 std::views::iota(0, 1'000'000));
                                      ASSERT_EQ(all.size(), 1'000'000U);
                                      EXPECT_EQ(*all[3], 3);
                                      EXPECT_THROW(static_cast<void>(all.back().value()), torc::stopped_error);
                                    }),
              130);
  }
}

TEST_F(stop, ends_spmds_that_have_not_begun_and_no_others) {
  EXPECT_EQ(tests::session_status({.workers = 2},
                                  [] {
                                    const auto values = torc::spmd(torc::local([] {
                                      stop_by(SIGINT);
                                      EXPECT_THROW(torc::submit(tests::square, 2).result(), torc::stopped_error);
                                      return 3;
                                    }));
                                    EXPECT_EQ(values, std::vector<int>{3});
                                    EXPECT_THROW(torc::spmd([] {}), torc::stopped_error);
                                  }),
            130);
}

TEST_F(stop, ends_the_tasks_of_other_threads_and_of_executors) {
  EXPECT_EQ(status_of_stopped(2,
                              [] {
                                std::thread([] {
                                  EXPECT_TRUE(torc::stop_requested());
                                  EXPECT_THROW(torc::submit(tests::square, 2).result(), torc::stopped_error);
                                }).join();
                                torc::executor pool;
                                EXPECT_THROW(pool.submit(tests::square, 2).result(), torc::stopped_error);
                              }),
            130);
}

TEST_F(stop, leaves_a_cancelled_task_cancelled) {
  EXPECT_EQ(tests::session_status({.primary = torc::primary_place::thread},
                                  [] {
                                    const held_workers held(1);
                                    const auto f = torc::submit(tests::square, 2);
                                    EXPECT_TRUE(f.cancel());
                                    stop_by(SIGINT);
                                    EXPECT_THAT(tests::message_of<torc::cancelled_error>([&] { f.result(); }),
                                                HasSubstr("was cancelled"));
                                  }),
            130);
}

}  // namespace
