// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <stdexcept>
#include <string>
#include <thread>
#include <torc/session.hpp>

#include "core/base/log.hpp"

#include "unit_tests/terminal.hpp"
#include "unit_tests/torc/in_session.hpp"

/// What the environment and the options do to a session.
namespace {

using testing::AllOf;
using testing::ExitedWithCode;
using testing::HasSubstr;
using testing::Not;
using tests::exit_with;
using tests::message_of;

class session_environment_death_test : public tests::death_test {};

void set(const char* name, const char* value) { ::setenv(name, value, 1); }

TEST_F(session_environment_death_test, the_environment_wins_over_the_options) {
  EXPECT_EXIT((set("TORC_WORKERS", "3"), set("TORC_STATS", "0"), exit_with([] {
                 return torc::start(torc::options{.workers = 2}, [] { return 10 + torc::num_workers(); });
               })),
              ExitedWithCode(13), Not(HasSubstr("TORC:")));
}

TEST_F(session_environment_death_test, without_settings_there_is_one_worker) {
  EXPECT_EXIT(exit_with([] { return torc::start(0, nullptr, [] { return 10 + torc::num_workers(); }); }),
              ExitedWithCode(11), HasSubstr("TORC: main starts\nTORC: node[0]: created=0, executed=0\n"));
}

TEST_F(session_environment_death_test, automatic_workers_are_at_least_one) {
  EXPECT_EXIT((set("TORC_WORKERS", "auto"),
               exit_with([] { return torc::start(0, nullptr, [] { return torc::num_workers() >= 1 ? 0 : 9; }); })),
              ExitedWithCode(0), HasSubstr("main starts"));
}

TEST_F(session_environment_death_test, stats_2_adds_a_table_of_the_workers) {
  EXPECT_EXIT((set("TORC_STATS", "2"),
               exit_with([] { return torc::start(torc::options{.workers = 2}, [] { torc::submit([] {}); }); })),
              ExitedWithCode(0),
              AllOf(HasSubstr("node[0]: created=1, executed=1"), HasSubstr("stolen"), HasSubstr("suspended")));
}

TEST_F(session_environment_death_test, verbose_tells_what_was_found) {
  EXPECT_EXIT((set("TORC_VERBOSE", "1"), exit_with([] { return torc::start(torc::options{.workers = 2}, [] {}); })),
              ExitedWithCode(0),
              AllOf(HasSubstr("TORC: 1 node, 2 workers"), HasSubstr("TORC: a task's stack: 1024 KiB, with a gap of ")));
}

/// 0 if the body of a task runs on main's thread.
int thread_of_body() {
  return torc::start(0, nullptr, [] {
    static const auto main_thread = std::this_thread::get_id();
    return torc::submit([] { return std::this_thread::get_id() == main_thread ? 0 : 9; }).result();
  });
}

TEST_F(session_environment_death_test, the_primary_task_keeps_its_thread_or_shares_that_of_worker_0) {
  const auto counts = HasSubstr("node[0]: created=1, executed=1");
  EXPECT_EXIT((set("TORC_PRIMARY", "thread"), exit_with(thread_of_body)), ExitedWithCode(9), counts);
  EXPECT_EXIT((set("TORC_PRIMARY", "worker"), exit_with(thread_of_body)), ExitedWithCode(0), counts);
  EXPECT_EXIT((set("TORC_PRIMARY", "auto"), exit_with(thread_of_body)), ExitedWithCode(9), counts);
}

TEST_F(session_environment_death_test, the_seed_changes_what_tasks_draw) {
  const auto draws_alike = [] {
    std::uint64_t with_option = 0;
    const auto draw = [&] { with_option = torc::submit([] { return torc::task_rng()(); }).result(); };
    torc::init(torc::options{.seed = 5});  // the environment says 6
    torc::launch(draw);
    torc::shutdown();
    ::unsetenv("TORC_SEED");
    const std::uint64_t with_environment = with_option;
    torc::init(torc::options{.seed = 6});
    torc::launch(draw);
    torc::shutdown();
    return with_environment == with_option ? 0 : 9;
  };
  EXPECT_EXIT((set("TORC_SEED", "6"), exit_with(draws_alike)), ExitedWithCode(0), "");
}

TEST_F(session_environment_death_test, a_small_stack_still_runs_nested_tasks) {
  EXPECT_EXIT((set("TORC_STACK_SIZE", "64K"), exit_with([] {
                 struct nested {
                   static int down(int n) { return n == 0 ? 0 : torc::submit(down, n - 1).result() + 1; }
                 };
                 return torc::start(0, nullptr,
                                    [] { return torc::submit(nested::down, 1000).result() == 1000 ? 0 : 9; });
               })),
              ExitedWithCode(0), HasSubstr("created=1001"));
}

TEST_F(session_environment_death_test, malformed_values_of_each_variable_are_refused) {
  const auto run = [] { return torc::start(0, nullptr, [] { std::puts("main ran"); }); };
  for (const auto& [name, value] : {std::pair{"TORC_WORKERS", "two"},
                                    {"TORC_STEALING", "maybe"},
                                    {"TORC_WORKER_YIELDTIME", "-1"},
                                    {"TORC_PLACEMENT", "here"},
                                    {"TORC_PRIMARY", "gpu"},
                                    {"TORC_STACK_SIZE", "4"},
                                    {"TORC_SEED", "-3"},
                                    {"TORC_STATS", "3"},
                                    {"TORC_BIND", "2"},
                                    {"TORC_VERBOSE", "loud"}}) {
    EXPECT_EXIT((set(name, value), exit_with(run)), ExitedWithCode(2),
                AllOf(HasSubstr(std::string("TORC: ") + name + "=" + value + " is refused: allowed is"),
                      Not(HasSubstr("main ran"))));
  }
}

TEST_F(session_environment_death_test, init_throws_for_a_bad_configuration) {
  EXPECT_EXIT((set("TORC_WORKERS", "0"), exit_with([] {
                 const std::string message = message_of<torc::config_error>([] { torc::init(0, nullptr); });
                 return message.find("TORC_WORKERS=0 is refused") == 0 ? 0 : 9;
               })),
              ExitedWithCode(0), "");
}

TEST_F(session_environment_death_test, init_with_help_prints_and_ends_the_process) {
  EXPECT_EXIT((set("TORC_HELP", "1"), exit_with([] {
                 torc::init(0, nullptr);
                 return 9;
               })),
              ExitedWithCode(0), HasSubstr("TORC_WORKERS"));
}

TEST_F(session_environment_death_test, main_may_end_the_session_itself) {
  EXPECT_EXIT(exit_with([] {
                return torc::start(0, nullptr, [] {
                  torc::submit([] {});
                  return torc::shutdown();
                });
              }),
              ExitedWithCode(0), HasSubstr("node[0]: created=1, executed=1"));
}

void fail() { throw std::runtime_error("no"); }

TEST_F(session_environment_death_test, a_terminal_shows_how_far_the_tasks_are) {
  EXPECT_EXIT(
      {
        ::unsetenv("TORC_PROGRESS");
        tests::terminal screen;
        const int status = torc::start(torc::options{.workers = 2, .primary = torc::primary_place::thread}, [&] {
          tests::signal over;
          auto failing = torc::submit(fail);
          torc::submit([] {});
          torc::wait();
          for (int i = 0; i < 3; ++i) torc::submit(torc::local([&] { over.block(); }));
          // Of which the third one waits for a worker.
          screen.wait_for("2 of 5 tasks done, 2 running, 1 queued, 1 failed");
          torc::base::log::line("a line of its own");
          screen.wait_for("a line of its own\r\n");
          over.raise();
          torc::wait();
          failing.exception();
        });
        std::fputs(screen.end().c_str(), stderr);
        std::exit(status);
      },
      ExitedWithCode(0),
      // What the terminal makes of a line's end is \r\n.
      AllOf(HasSubstr("main starts\r\n\r\033[KTORC: "), HasSubstr("\r\033[KTORC: a line of its own\r\nTORC: "),
            HasSubstr("\r\033[KTORC: node[0]: created=5, executed=5\r\n")));
}

TEST_F(session_environment_death_test, a_terminal_shows_nothing_old_below_the_line_of_an_early_end) {
  EXPECT_EXIT(
      {
        ::unsetenv("TORC_PROGRESS");
        tests::terminal screen;
        const int status = torc::start(torc::options{.workers = 1, .primary = torc::primary_place::thread}, [&] {
          torc::submit(torc::local([&] { screen.wait_for("the program ends: "); }));
          screen.wait_for("0 of 1 task done, 1 running");
          fail();
        });
        std::fputs(screen.end().c_str(), stderr);
        std::exit(status);
      },
      ExitedWithCode(1),
      AllOf(HasSubstr("\r\033[KTORC: the primary task failed, the program ends: "),
            Not(testing::ContainsRegex("no\r\nTORC: [0-9]"))));
}

TEST_F(session_environment_death_test, stats_2_tells_the_longest_task) {
  EXPECT_EXIT((set("TORC_STATS", "2"), exit_with([] {
                 return torc::start(torc::options{.workers = 2}, [] { torc::submit({.name = "deed"}, [] {}); });
               })),
              ExitedWithCode(0), testing::ContainsRegex(" [0-9.]+ (us|ms|s) 'deed'"));
}

void go_on_after_the_timeout() {
  while (!torc::stop_requested()) std::this_thread::yield();
  const auto begin = torc::gettime();
  while (torc::gettime() < begin + 1.1) std::this_thread::yield();
}

TEST_F(session_environment_death_test, a_body_that_went_on_after_its_timeout_gives_a_hint) {
  const auto run = [] {
    return torc::start(torc::options{.workers = 2}, [] {
      auto late = torc::submit({.name = "late", .timeout = std::chrono::milliseconds(1)}, go_on_after_the_timeout);
      late.exception();
    });
  };
  EXPECT_EXIT(exit_with(run), ExitedWithCode(0), HasSubstr("TORC: hint: bodies went on after their timeout"));
  EXPECT_EXIT((set("TORC_STATS", "0"), exit_with(run)), ExitedWithCode(0), Not(HasSubstr("hint")));
}

}  // namespace
