// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <signal.h>

#include <atomic>
#include <cstdio>
#include <cstdlib>
#include <exception>
#include <stdexcept>
#include <string>
#include <thread>
#include <torc/torc.hpp>

#include "core/runtime/session.hpp"
#include "core/runtime/state_watch.hpp"
#include "unit_tests/no_more_threads.hpp"
#include "unit_tests/torc/in_session.hpp"

/// What becomes of a session for which no threads can be had, or which does not open for another reason; and what the
/// application's own threads hear of it.
namespace {

using testing::AllOf;
using testing::ContainsRegex;
using testing::ExitedWithCode;
using testing::HasSubstr;
using testing::Not;
using tests::exit_with;
using tests::message_of;
using torc::runtime::process_watch;
using torc::runtime::state_watch;

class threads_death_test : public tests::death_test {};

std::string complaint_of_submit() {
  return message_of<torc::error>([] { torc::submit(tests::identity, 1); });
}

#ifdef TORC_TESTS_HAVE_NO_MORE_THREADS
std::string complaint_of_launch(const torc::options& given) {
  torc::init(given);
  const tests::no_more_threads limit;
  return message_of<torc::config_error>([] { torc::launch([] {}); });
}

TEST(state_watch, that_gets_no_thread_leaves_the_signals_as_they_were) {
  sigset_t before;
  ::pthread_sigmask(SIG_SETMASK, nullptr, &before);
  {
    const tests::no_more_threads limit;
    EXPECT_THROW(state_watch(), std::exception);
  }
  sigset_t after;
  ::pthread_sigmask(SIG_SETMASK, nullptr, &after);
  for (const int one : {SIGINT, SIGTERM, SIGCHLD, SIGUSR1})
    EXPECT_EQ(::sigismember(&before, one), ::sigismember(&after, one)) << one;
}

TEST_F(threads_death_test, a_session_opens_without_a_watch_if_there_is_no_thread_for_it) {
  EXPECT_EXIT(exit_with([] {
                {
                  const tests::no_more_threads limit;
                  torc::runtime::open_session(torc::options{.workers = 1, .stats = 0}, {});  // MPI asks for threads
                }
                const int status = torc::launch([] { return torc::submit(tests::identity, 5).result(); });
                return process_watch() == nullptr ? status : 9;
              }),
              ExitedWithCode(5), ContainsRegex("^TORC: [^\n]*no thread could be started for [^\n]*watch"));
}

TEST_F(threads_death_test, a_session_that_gets_none_says_so_and_can_begin_again) {
  EXPECT_EXIT(
      exit_with([] {
        for (const auto place : {torc::primary_place::worker, torc::primary_place::thread}) {
          const std::string text = complaint_of_launch(torc::options{.workers = 3, .primary = place, .stats = 0});
          std::fputs((text + "\n").c_str(), stderr);
          if (torc::launch([] { return torc::submit(tests::identity, 5).result(); }) != 5) return 9;
          torc::shutdown();
        }
        return 0;
      }),
      ExitedWithCode(0), ContainsRegex("TORC_WORKERS=3[^\n]*ulimit -u[^\n]*\n[^\n]*TORC_WORKERS=3[^\n]*ulimit -u"));
}

TEST_F(threads_death_test, a_session_that_did_not_begin_is_none_that_has_ended) {
  EXPECT_EXIT(exit_with([] {
                complaint_of_launch(torc::options{.workers = 2, .stats = 0});
                std::fputs((complaint_of_submit() + "\n").c_str(), stderr);
                torc::shutdown();
                std::fputs((complaint_of_submit() + "\n").c_str(), stderr);
                return 0;
              }),
              ExitedWithCode(0),
              AllOf(ContainsRegex("no session is running: call[^\n]*\n[^\n]*no session is running: call"),
                    Not(HasSubstr("any more"))));
}

TEST_F(threads_death_test, after_a_session_that_did_not_begin_the_watch_says_that_the_program_runs) {
  EXPECT_EXIT(exit_with([] {
                complaint_of_launch(torc::options{.workers = 2, .stats = 0});
                process_watch()->report();
                return 0;
              }),
              ExitedWithCode(0), HasSubstr("no primary task is running: the program's own code runs"));
}
#endif

TEST_F(threads_death_test, after_an_init_that_failed_the_watch_says_that_the_program_runs) {
  EXPECT_EXIT(exit_with([] {
                ::setenv("TORC_WORKERS", "none", 1);
                message_of<torc::config_error>([] { torc::init(torc::options{.stats = 0}); });
                process_watch()->report();
                return 0;
              }),
              ExitedWithCode(0), HasSubstr("no primary task is running: the program's own code runs"));
}

/// For ThreadSanitizer.
TEST(session, may_be_asked_by_any_thread_while_it_opens_and_closes) {
  std::atomic<bool> is_over{false};
  std::atomic<bool> has_asked{false};
  int unknown = 0;
  std::thread asking([&] {
    while (!is_over) {
      const std::string text = message_of<torc::error>([] {
        torc::stats();
        torc::submit(tests::identity, 1);
      });
      const bool is_known = text.find("no session is") != std::string::npos || text == "nothing was thrown" ||
                            text.find("the session is ending") != std::string::npos;
      unknown += is_known ? 0 : 1;
      has_asked = true;
    }
  });
  while (!has_asked) std::this_thread::yield();
  torc::init(torc::options{.workers = 1, .stats = 0});
  for (int i = 0; i < 5; ++i) torc::launch([] { return torc::submit(tests::identity, 0).result(); });
  is_over = true;
  asking.join();
  torc::shutdown();
  EXPECT_EQ(unknown, 0);
}

}  // namespace
