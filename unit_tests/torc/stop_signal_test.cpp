// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <signal.h>

#include <atomic>
#include <stdexcept>
#include <thread>
#include <torc/torc.hpp>

#include "unit_tests/torc/in_session.hpp"
#include "unit_tests/torc/stopping.hpp"

/// What a process does when a signal asks it to end.
namespace {

using ::testing::AllOf;
using ::testing::ContainsRegex;
using ::testing::HasSubstr;
using ::testing::Not;
using tests::run_until_stopped;
using tests::stop_by;

class stop_signal : public ::testing::Test {
 protected:
  stop_signal() { tests::have_default_handlers(); }
};
class stop_signal_death_test : public tests::death_test {
 protected:
  stop_signal_death_test() { tests::have_default_handlers(); }
};

/// Of who counts each.
std::atomic<int> g_num_handled{0};

TEST_F(stop_signal, is_not_for_signals_that_the_program_handles_or_ignores) {
  for (const int signal : {SIGINT, SIGTERM}) {
    g_num_handled = 0;
    ::signal(signal, [](int) { ++g_num_handled; });
    tests::on_workers(2, [&] {
      ::raise(signal);
      ::raise(signal);
      EXPECT_FALSE(torc::stop_requested());
      EXPECT_EQ(torc::submit(tests::square, 3).result(), 9);
    });
    EXPECT_EQ(g_num_handled, 2);
    ::signal(signal, SIG_IGN);
    tests::on_workers(2, [&] {
      ::raise(signal);
      EXPECT_FALSE(torc::stop_requested());
    });
    EXPECT_EQ(::signal(signal, SIG_DFL), SIG_IGN);
  }
}

TEST_F(stop_signal, leaves_a_handler_alone_that_the_program_sets_later) {
  tests::on_workers(1, [] { ::signal(SIGINT, SIG_IGN); });
  EXPECT_EQ(::signal(SIGINT, SIG_DFL), SIG_IGN);
}

TEST_F(stop_signal_death_test, a_second_signal_ends_the_program_at_once) {
  const auto run = [] {
    return torc::start(torc::options{}, [] {
      stop_by(SIGINT);
      for (;;) ::raise(SIGTERM);
    });
  };
  EXPECT_EXIT(tests::exit_with(run), ::testing::KilledBySignal(SIGTERM), "SIGINT: ");
}

TEST_F(stop_signal_death_test, what_comes_twice_at_once_is_one_wish) {
  const auto run = [] {
    return torc::start(torc::options{}, [] {
      ::raise(SIGTERM);  // mpiexec may forward one that the terminal has sent too
      stop_by(SIGTERM);
    });
  };
  EXPECT_EXIT(tests::exit_with(run), ::testing::ExitedWithCode(143), "SIGTERM: ");
}

TEST_F(stop_signal_death_test, a_signal_outside_of_a_session_has_its_usual_effect) {
  EXPECT_EXIT(tests::exit_with([] {
                torc::start(torc::options{}, [] {});
                return ::raise(SIGINT);
              }),
              ::testing::KilledBySignal(SIGINT), "");
}

TEST_F(stop_signal_death_test, tells_once_how_far_it_has_come) {
  const auto run = [] {
    return torc::start(torc::options{.primary = torc::primary_place::thread, .stats = 0}, [] {
      for (int i = 0; i < 3; ++i) torc::submit(tests::square, i);
      EXPECT_ANY_THROW(torc::submit([] { throw std::runtime_error("one"); }).result());
      torc::wait();
      std::atomic<bool> has_begun{false};
      torc::submit(torc::local([&] {
        has_begun = true;
        run_until_stopped(0);
      }));
      while (!has_begun) std::this_thread::yield();
      for (int i = 0; i < 3; ++i) torc::submit(tests::square, i);
      stop_by(SIGINT);
    });
  };
  EXPECT_EXIT(
      tests::exit_with(run), ::testing::ExitedWithCode(130),
      AllOf(HasSubstr("TORC: SIGINT: 4 of 8 tasks done, 1 running, 1 failed: "), Not(ContainsRegex("TORC.*TORC"))));
}

TEST_F(stop_signal_death_test, is_told_though_main_returns_at_once) {
  const auto run = [] { return torc::start(torc::options{.stats = 0}, [] { ::raise(SIGINT); }); };
  EXPECT_EXIT(tests::exit_with(run), ::testing::ExitedWithCode(130), "TORC: SIGINT: 0 of 0 tasks done");
}

TEST_F(stop_signal_death_test, is_told_as_the_only_failure_of_the_primary_task) {
  const auto run = [](bool has_other) {
    return torc::start(torc::options{.stats = 0}, [&] {
      stop_by(SIGINT);
      if (has_other) throw std::runtime_error("another one");
      torc::submit(tests::square, 2).result();
    });
  };
  EXPECT_EXIT(tests::exit_with([&] { return run(false); }), ::testing::ExitedWithCode(130),
              AllOf(HasSubstr("TORC: SIGINT: "), Not(ContainsRegex("TORC.*TORC"))));
  EXPECT_EXIT(tests::exit_with([&] { return run(true); }), ::testing::ExitedWithCode(130),
              "the primary task failed, the program ends: std::runtime_error: another one");
}

TEST_F(stop_signal_death_test, names_bodies_that_do_not_end_and_ends_without_them) {
  const auto run_in = [](bool is_in_main) {
    return torc::start(torc::options{.primary = torc::primary_place::thread, .team_grace = 0.1}, [&] {
      stop_by(SIGTERM);
      tests::signal never;
      if (is_in_main) never.block();
    });
  };
  EXPECT_EXIT(tests::exit_with([&] { return run_in(true); }), ::testing::ExitedWithCode(143),
              "node 0: SIGTERM has asked the job to end, and bodies have not returned within TORC_TEAM_GRACE=0.1 s: "
              "task 'main' on the primary task's thread");
  const auto run = [] {
    return torc::start(torc::options{.primary = torc::primary_place::thread, .team_grace = 0.1}, [] {
      tests::signal never;
      std::atomic<bool> has_begun{false};
      torc::submit(torc::task_options{.name = "culprit"}, torc::local([&] {
                     has_begun = true;
                     never.block();
                   }));
      while (!has_begun) std::this_thread::yield();
      stop_by(SIGTERM);
      torc::wait();
    });
  };
  EXPECT_EXIT(tests::exit_with(run), ::testing::ExitedWithCode(143),
              "TORC_TEAM_GRACE=0.1 s: task 'culprit' on worker 0");
}

TEST_F(stop_signal_death_test, leaves_a_failed_primary_task_no_more_time) {
  const auto run = [] {
    tests::signal has_begun;
    return torc::start(torc::options{.primary = torc::primary_place::thread, .team_grace = 0.1}, [&] {
      torc::submit(torc::local([&] {
        has_begun.raise();
        run_until_stopped(0);  // main has failed
        stop_by(SIGINT);
        for (;;) std::this_thread::yield();
      }));
      has_begun.block();
      throw std::runtime_error("no prior");
    });
  };
  EXPECT_EXIT(tests::exit_with(run), ::testing::ExitedWithCode(130),
              "the primary task has failed, and bodies have not returned within TORC_TEAM_GRACE=0.1 s");
}

}  // namespace
