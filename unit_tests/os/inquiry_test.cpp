// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors
#include "core/os/inquiry.hpp"

#include <gtest/gtest.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>

namespace {

using torc::os::inquiry;
using namespace std::chrono_literals;

volatile std::sig_atomic_t g_num_handled = 0;
void count_signal(int) { g_num_handled = g_num_handled + 1; }

TEST(inquiry, a_signal_asks) {
  for (const int signal : {SIGUSR1, SIGQUIT}) {
    inquiry asked;
    std::raise(signal);
    EXPECT_EQ(asked.wait(-1ms), inquiry::event::asked);
    EXPECT_EQ(asked.wait(0ms), inquiry::event::timed_out);
  }
}

TEST(inquiry, a_question_and_a_waking_are_told_apart) {
  inquiry asked;
  asked.wake();
  EXPECT_EQ(asked.wait(-1ms), inquiry::event::woken);
  asked.wake();
  std::raise(SIGUSR1);
  EXPECT_EQ(asked.wait(-1ms), inquiry::event::asked);
}

TEST(inquiry, many_signals_are_one_question) {
  inquiry asked;
  for (int i = 0; i < 100; ++i) std::raise(SIGUSR1);
  EXPECT_EQ(asked.wait(-1ms), inquiry::event::asked);
  EXPECT_EQ(asked.wait(0ms), inquiry::event::timed_out);
}

TEST(inquiry, a_handler_of_the_program_is_kept) {
  const auto before = std::signal(SIGUSR1, count_signal);
  g_num_handled = 0;
  {
    inquiry asked;
    std::raise(SIGUSR1);
    EXPECT_EQ(g_num_handled, 1);
    EXPECT_EQ(asked.wait(0ms), inquiry::event::timed_out);
  }
  EXPECT_EQ(std::signal(SIGUSR1, before), count_signal);
}

TEST(inquiry, a_signal_that_the_program_ignores_stays_ignored) {
  const auto before = std::signal(SIGUSR1, SIG_IGN);
  {
    inquiry asked;
    std::raise(SIGUSR1);
    EXPECT_EQ(asked.wait(0ms), inquiry::event::timed_out);
  }
  EXPECT_EQ(std::signal(SIGUSR1, before), SIG_IGN);
}

TEST(inquiry, a_handler_that_the_program_sets_later_stays) {
  {
    const inquiry asked;
    std::signal(SIGUSR1, count_signal);
  }
  EXPECT_EQ(std::signal(SIGUSR1, SIG_DFL), count_signal);
}

TEST(inquiry, leaves_nothing_behind) {
  { const inquiry asked; }
  for (const int signal : {SIGUSR1, SIGQUIT}) EXPECT_EQ(std::signal(signal, SIG_DFL), SIG_DFL);
}

TEST(inquiry, what_one_has_been_asked_the_next_one_is_not) {
  {
    const inquiry asked;
    std::raise(SIGUSR1);
  }
  inquiry next;
  EXPECT_EQ(next.wait(0ms), inquiry::event::timed_out);
}

/// How a child ends that does this.
template <class Function>
int status_of_child(Function function) {
  const pid_t child = ::fork();
  if (child == 0) {
    function();
    ::_exit(0);
  }
  int status = 0;
  ::waitpid(child, &status, 0);
  return status;
}

TEST(inquiry, a_second_quit_ends_the_process) {
  const int status = status_of_child([] {
    inquiry asked;
    std::raise(SIGQUIT);
    if (asked.wait(-1ms) != inquiry::event::asked) ::_exit(1);
    std::raise(SIGQUIT);
  });
  ASSERT_TRUE(WIFSIGNALED(status)) << status;
  EXPECT_EQ(WTERMSIG(status), SIGQUIT);
}

TEST(inquiry, a_child_of_fork_has_the_old_effect_and_does_not_ask_its_parent) {
  inquiry asked;
  const int status = status_of_child([] { std::raise(SIGUSR1); });
  ASSERT_TRUE(WIFSIGNALED(status)) << status;
  EXPECT_EQ(WTERMSIG(status), SIGUSR1);
  EXPECT_EQ(asked.wait(0ms), inquiry::event::timed_out);
}

}  // namespace
