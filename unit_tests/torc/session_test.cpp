// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors
#include <torc/session.hpp>

#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <cstdlib>
#include <functional>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

#include "core/base/sanitizers.hpp"
#include "unit_tests/torc/in_session.hpp"

namespace {

using tests::exit_with;
using tests::message_of;
using tests::on_workers;
using session_death_test = tests::death_test;

void thrower(int x) { throw std::runtime_error("bad value " + std::to_string(x)); }

TEST_F(session_death_test, start_prints_both_lines_and_returns_the_value_of_main) {
  EXPECT_EXIT(exit_with([] {
                return torc::start(0, nullptr, [] {
                  for (int i = 0; i < 4; ++i) torc::submit(tests::identity, i).add_done_callback([](const auto&) {});
                  torc::wait();
                  return 7;
                });
              }),
              ::testing::ExitedWithCode(7), "TORC: main starts\n(.|\n)*TORC: node.0.: created=8, executed=8\n");
}

/// What the program prints through stdio goes nowhere here.
TEST_F(session_death_test, lines_of_torc_s_own_go_to_standard_error) {
  EXPECT_EXIT(std::exit(torc::start(torc::options{.stats = 2},
                                    [] {
                                      torc::submit(tests::identity, 1);
                                      torc::wait();
                                    })),
              ::testing::ExitedWithCode(0), "TORC: main starts\n(.|\n)*TORC: node.0.: created=1, executed=1\n");
}

TEST_F(session_death_test, a_failure_that_nobody_looked_at_is_told_and_makes_the_status_1) {
  EXPECT_EXIT(exit_with([] {
                return torc::start(0, nullptr, [] {
                  for (int i = 0; i < 3; ++i) torc::submit({.name = "sample"}, thrower, 5);
                });
              }),
              ::testing::ExitedWithCode(1),
              "TORC: task 'sample' failed and nobody looked at its future: std::runtime_error: bad value 5 .3 times.");
}

TEST_F(session_death_test, a_failing_primary_task_ends_the_program_with_one_message_and_begins_nothing_more) {
  EXPECT_EXIT(
      exit_with([] {
        setenv("TORC_PRIMARY", "worker", 1);  // so that none begins before it throws
        return torc::start(0, nullptr, [] {
          for (int i = 0; i < 100; ++i) torc::submit(tests::identity, i);
          throw std::logic_error("no prior");
        });
      }),
      ::testing::ExitedWithCode(1),
      "TORC: the primary task failed, the program ends: std::logic_error: no prior\n(.|\n)*created=100, executed=0");
}

TEST_F(session_death_test, what_needs_a_session_says_before_the_first_how_to_get_one) {
  EXPECT_EXIT(exit_with([] {
                std::puts(message_of<torc::error>([] { torc::submit(tests::identity, 1); }).c_str());
                return 0;
              }),
              ::testing::ExitedWithCode(0),
              "submit: no session is running: call this in the function given to torc::start; .* has no tasks\n");
}

TEST_F(session_death_test, bad_variables_give_status_2_and_one_line) {
  const auto run = [] { return torc::start(0, nullptr, [] { std::puts("main ran"); }); };
  EXPECT_EXIT((setenv("TORC_WORKERS", "0", 1), exit_with(run)), ::testing::ExitedWithCode(2),
              "TORC: TORC_WORKERS=0 is refused: allowed is a whole number");
  EXPECT_EXIT((setenv("TORC_WORKRS", "2", 1), exit_with(run)), ::testing::ExitedWithCode(2),
              "TORC: unknown variable TORC_WORKRS=2: did you mean TORC_WORKERS");
  EXPECT_EXIT((setenv("TORC_TRACE", "/no/such/folder/trace", 1), exit_with(run)), ::testing::ExitedWithCode(2),
              "TORC: TORC_TRACE=.no.such.folder.trace is refused");
  EXPECT_EXIT((setenv("TORC_ROOT", "/opt", 1), exit_with(run)), ::testing::ExitedWithCode(0), "main ran");
}

TEST_F(session_death_test, help_prints_the_variables_and_runs_nothing) {
  EXPECT_EXIT((setenv("TORC_HELP", "1", 1), exit_with([] { return torc::start(0, nullptr, [] { std::abort(); }); })),
              ::testing::ExitedWithCode(0), "TORC_WORKERS(.|\n)*TORC_STACK_SIZE");
}

TEST_F(session_death_test, leaving_the_process_in_a_task_says_so) {
  EXPECT_EXIT(exit_with([] { return torc::start(0, nullptr, [] { std::exit(0); }); }), ::testing::ExitedWithCode(1),
              "TORC: the process exits while a session is running");
}

TEST_F(session_death_test, an_overflow_names_the_task_and_the_variable) {
  if (torc::base::is_asan || torc::base::is_tsan) {
    GTEST_SKIP() << "a sanitizer catches the access first and reports it in its own words";
  }
  const auto overflow = [] {
    struct deep {
      static int down(int n) {
        volatile char frame[512] = {};
        frame[0] = static_cast<char>(n);
        return n == 0 ? frame[0] : down(n - 1) + frame[1];
      }
    };
    return torc::start(0, nullptr, [] { torc::submit({.name = "descent"}, &deep::down, 1 << 30).result(); });
  };
  EXPECT_EXIT(
      exit_with(overflow), ::testing::KilledBySignal(SIGABRT),
      "TORC: node 0, worker 0: task 'descent' has overflown its stack of 1024 KiB: set TORC_STACK_SIZE to more");
}

TEST(session, several_follow_one_another_and_their_values_stay) {
  torc::future<int(int)> kept;
  for (int round = 0; round < 5; ++round) {
    on_workers(1 + round % 3, [&] {
      if (kept.valid()) {
        EXPECT_EQ(kept.result(), round - 1);  // of the session before
        EXPECT_NE(
            message_of<torc::error>([&] { torc::wait(std::vector{kept}); }).find("belongs to a session that has ended"),
            std::string::npos);
      }
      kept = torc::submit(tests::identity, round);
    });
    EXPECT_EQ(kept.result(), round);
  }
}

TEST(session, the_calling_code_can_become_the_primary_task) {
  {
    const torc::session s(torc::options{.workers = 2, .stats = 0});
    ASSERT_TRUE(torc::launch());
    EXPECT_EQ(torc::submit(tests::identity, 4).result(), 4);
    static std::atomic<int> done;
    done = 0;
    for (int i = 0; i < 10; ++i) torc::submit([](int) { ++done; }, i);
    EXPECT_EQ(torc::shutdown(), 0);
    EXPECT_EQ(done, 10);
    EXPECT_EQ(torc::shutdown(), 0);
  }
  EXPECT_THROW(torc::submit(tests::identity, 4), torc::error);
}

TEST(session, a_second_one_at_a_time_is_refused) {
  const torc::session s(torc::options{.stats = 0});
  EXPECT_THROW(torc::init(torc::options{}), torc::error);
  EXPECT_THROW(torc::finalize(), torc::error);
}

TEST(session, what_needs_a_session_or_a_task_says_so) {
  EXPECT_EQ(message_of<torc::error>([] { torc::submit(tests::identity, 1); }).find("submit: no session is running"),
            0U);
  EXPECT_THROW(torc::wait(), torc::error);
  EXPECT_THROW(torc::task_rng(), torc::error);
  EXPECT_THROW(torc::stats(), torc::error);
  EXPECT_THROW(torc::enable_stealing(), torc::error);
  EXPECT_THROW(torc::launch(), torc::error);
  const torc::session s(torc::options{.stats = 0});
  EXPECT_THROW(torc::submit(tests::identity, 1), torc::error);  // nothing launched
}

TEST(session, only_the_primary_task_ends_it) {
  on_workers(2, [] {
    EXPECT_THROW(torc::submit([](int) { torc::shutdown(); }, 1).result(), torc::error);
    EXPECT_EQ(torc::submit(tests::identity, 1).result(), 1);
  });
}

TEST(session, bad_options_in_the_code_throw) {
  EXPECT_THROW(torc::init(torc::options{.workers = 0}), torc::config_error);
  EXPECT_THROW(torc::init(torc::options{.workers = -7}), torc::config_error);
}

TEST(session, the_primary_task_can_have_a_thread_of_its_own) {
  for (const int workers : {1, 2}) {
    tests::in_session({.workers = workers, .primary = torc::primary_place::thread}, [] {
      EXPECT_EQ(torc::worker_id(), 0);
      EXPECT_EQ(torc::worker_local_id(), 0);
      // The primary task blocks its thread, and the only worker goes on.
      tests::signal reached;
      auto f = torc::submit(torc::local([&] {
        reached.raise();
        return torc::worker_id();
      }));
      reached.block();
      EXPECT_GE(f.result(), 0);
      std::vector<torc::future<int(int)>> futures;
      for (int i = 0; i < 100; ++i) futures.push_back(torc::submit(tests::identity, i));
      int sum = 0;
      for (auto& g : torc::as_completed(futures)) sum += g.result();
      EXPECT_EQ(sum, 4950);
      torc::wait();
    });
  }
}

/// By default: whatever the only worker runs, and however long.
TEST(session, results_and_timeouts_come_to_main_when_they_come) {
  on_workers(1, [] {
    tests::signal go_on;
    tests::signal was_called;
    const auto early = torc::submit(tests::identity, 5);
    early.add_done_callback([&](const auto& /*done*/) { was_called.raise(); });
    was_called.block();
    const auto overdue =
        torc::submit({.name = "overdue", .timeout = std::chrono::milliseconds(1)}, torc::local([&] { go_on.block(); }));
    EXPECT_THROW(overdue.result(), torc::timeout_error);  // its body goes on, on the only worker
    const auto late = torc::submit(tests::identity, 6);
    const auto held = torc::submit(torc::local([&] { go_on.block(); }));
    std::vector<int> came;
    try {
      for (const auto& f :
           torc::as_completed(std::vector<torc::future<int>>{late, early}, std::chrono::milliseconds(1)))
        came.push_back(f.result());
    } catch (const torc::timeout_error&) {
    }
    EXPECT_EQ(came, std::vector<int>{5});
    EXPECT_THROW(held.result(std::chrono::milliseconds(1)), torc::timeout_error);
    go_on.raise();
    EXPECT_EQ(late.result(), 6);
    held.result();  // it uses what ends with main
  });
}

TEST(session, threads_of_the_application_submit_and_wait_too) {
  on_workers(2, [] {
    std::vector<std::thread> threads;
    std::atomic<int> sum = 0;
    for (int t = 0; t < 4; ++t) {
      threads.emplace_back([&] {
        for (int i = 0; i < 100; ++i) sum += torc::submit(tests::identity, i).result();
        EXPECT_THROW(torc::wait(), torc::error);
      });
    }
    for (auto& t : threads) t.join();
    EXPECT_EQ(sum, 4 * 4950);
  });
}

TEST(session, what_an_application_thread_leaves_behind_has_ended_with_the_session) {
  static std::atomic<int> done;
  done = 0;
  on_workers(2, [] {
    std::thread([] {
      for (int i = 0; i < 100; ++i) torc::submit([](int) { ++done; }, i);
    }).join();
  });
  EXPECT_EQ(done, 100);
}

TEST(node, numbers_of_one_node) {
  EXPECT_EQ(torc::num_workers(), 0);
  tests::on_1_2_and_4_workers([] {
    EXPECT_EQ(torc::node_id(), 0);
    EXPECT_EQ(torc::num_nodes(), 1);
    EXPECT_EQ(torc::worker_id(), 0);
    EXPECT_EQ(torc::num_workers(), torc::num_local_workers());
    EXPECT_GE(torc::gettime(), 0);
    torc::enable_stealing();
    torc::disable_stealing();
    for (int i = 0; i < 10; ++i) torc::submit(tests::identity, i);
    torc::wait();
    const auto stats = torc::stats();
    EXPECT_EQ(stats.created, 10U);
    EXPECT_EQ(stats.executed, 10U);
    EXPECT_EQ(stats.workers, torc::num_workers());
    EXPECT_GE(stats.utilisation_since({}), 0);
    EXPECT_LE(stats.utilisation_since({}), 1.01);
  });
}

TEST(session, a_future_of_one_that_has_ended_says_so_in_all_calls_whatever_runs_now) {
  torc::future<int> kept;
  on_workers(1, [&] { kept = torc::submit(tests::identity, 1); });
  const auto expect_refused = [](const std::string& where, const auto& call) {
    const std::string message = message_of<torc::error>(call);
    EXPECT_EQ(message.find(where + ": the future of task 'tests::identity"), 0U) << message;
    EXPECT_NE(message.find("belongs to a session that has ended"), std::string::npos) << message;
  };
  const auto use = [&] {
    expect_refused("wait", [&] { torc::wait(std::vector{kept}); });
    expect_refused("as_completed", [&] { torc::as_completed(std::vector{kept}); });
    expect_refused("then", [&] { kept.then([](int x) { return x; }); });
    expect_refused("add_done_callback", [&] { kept.add_done_callback([](const torc::future<int>&) {}); });
    expect_refused("when_all", [&] { torc::when_all(kept, kept); });
    expect_refused("when_all", [&] { torc::when_all(std::vector{kept}); });
    EXPECT_TRUE(kept.done());
    EXPECT_FALSE(kept.running());
    EXPECT_FALSE(kept.cancel());
    EXPECT_FALSE(kept.cancelled());
    EXPECT_EQ(kept.exception(), nullptr);
    EXPECT_EQ(kept.result(), 1);
  };
  const auto use_everywhere = [&] {
    use();
    std::thread(use).join();
  };
  use_everywhere();
  on_workers(1, use_everywhere);
  {
    const torc::session s(torc::options{.workers = 1, .stats = 0});
    use_everywhere();
  }
}

/// Copied while `during_copy` is called.
struct slow_argument {
  slow_argument() = default;
  slow_argument(const slow_argument& /*other*/) { during_copy(); }
  static inline std::function<void()> during_copy = [] {};
};

TEST(session, what_another_thread_submits_belongs_to_the_one_that_runs_when_its_arguments_are_made) {
  const slow_argument given;
  // It tells whose child the task is, and which.
  const auto draw = [&] {
    return torc::submit(torc::local([](const slow_argument&) { return torc::task_rng()(); }), given).result();
  };
  const auto draw_on_thread = [&] {
    std::uint64_t drawn = 0;
    std::thread([&] { drawn = draw(); }).join();
    return drawn;
  };
  std::uint64_t first = 0;
  std::uint64_t late = 0;
  std::atomic<bool> is_copying{false};
  std::atomic<bool> is_next_running{false};
  std::thread other;
  on_workers(1, [&] {
    first = draw_on_thread();
    slow_argument::during_copy = [&] {
      is_copying = true;
      is_next_running.wait(false);
    };
    other = std::thread([&] { late = draw(); });
    while (!is_copying) std::this_thread::yield();
  });
  on_workers(1, [&] {
    is_next_running = true;
    is_next_running.notify_all();
    other.join();
  });
  slow_argument::during_copy = [] {};
  EXPECT_EQ(late, first);
}

TEST(session, that_has_ended_is_not_to_be_begun_by_who_submits) {
  on_workers(1, [] {});
  EXPECT_EQ(
      message_of<torc::error>([] { torc::submit(tests::identity, 1); }).find("submit: no session is running any more"),
      0U);
}

}  // namespace
