// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <stdexcept>
#include <torc/torc.hpp>

#include "core/base/sanitizers.hpp"
#include "unit_tests/torc/in_session.hpp"

/// What a process says of the task that it dies of.
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;

class crash_death_test : public tests::death_test {
 protected:
  void SetUp() override {
    if (torc::base::is_tsan) GTEST_SKIP() << "ThreadSanitizer ends a process whose signal handler looks a name up";
  }
};

[[gnu::noinline]] int read(const volatile int* from) { return *from; }

[[gnu::noinline]] void fail() { throw std::domain_error("nowhere to go"); }

void read_what_is_not_there() { read(reinterpret_cast<const volatile int*>(0x10)); }

/// In the child process: on worker 1 of two.
template <class Body>
void run(Body body) {
  tests::on_workers(2, [&] {
    torc::submit({.worker = 1, .pinned = true, .name = "culprit"}, torc::local([&] {
                   body();
                   return 0;
                 }))
        .result();
  });
}

TEST_F(crash_death_test, names_the_task_that_reads_what_is_not_there) {
  EXPECT_DEATH(run(read_what_is_not_there),
               HasSubstr("TORC: node 0, worker 1: task 'culprit' crashes with SIGSEGV, at address 0x10\n"));
}

TEST_F(crash_death_test, names_the_task_that_aborts_or_terminates) {
  const char* const told = "TORC: node 0, worker 1: task 'culprit' crashes with SIGABRT: ";
  EXPECT_DEATH(run([] { std::abort(); }), HasSubstr(told));
  EXPECT_DEATH(run([]() noexcept { fail(); }), AllOf(HasSubstr("nowhere to go"), HasSubstr(told)));
}

TEST_F(crash_death_test, names_the_task_that_computes_what_cannot_be) {
  EXPECT_DEATH(run([] { ::raise(SIGFPE); }), HasSubstr("task 'culprit' crashes with SIGFPE\n"));
  EXPECT_DEATH(run([] { ::raise(SIGILL); }), HasSubstr("task 'culprit' crashes with SIGILL\n"));
}

TEST_F(crash_death_test, names_main_too) {
  EXPECT_DEATH(tests::on_workers(1, [] { std::abort(); }),
               HasSubstr("TORC: node 0, the primary task's thread: task 'main' crashes with SIGABRT"));
}

TEST_F(crash_death_test, leaves_the_rest_to_the_program_s_own_handler) {
  const auto with_own_handler = [] {
    ::signal(SIGFPE, [](int) {
      static_cast<void>(!::write(STDERR_FILENO, "own handler\n", 12));
      ::raise(SIGKILL);
    });
    run([] { ::raise(SIGFPE); });
  };
  EXPECT_EXIT(with_own_handler(), ::testing::KilledBySignal(SIGKILL),
              HasSubstr("task 'culprit' crashes with SIGFPE\nown handler\n"));
}

/// The process's task has nothing to do with either.
TEST_F(crash_death_test, is_not_told_of_a_child_nor_of_what_another_process_sends) {
  const auto crash_in_child = [] {
    run([] {
      if (const pid_t child = ::fork(); child == 0) {
        ::raise(SIGFPE);
        ::_exit(0);
      } else {
        int status = 0;
        ::waitpid(child, &status, 0);
        std::fprintf(stderr, "%s\n", WIFEXITED(status) && WEXITSTATUS(status) == 0 ? "lives" : "died");
      }
    });
    std::exit(5);
  };
  EXPECT_EXIT(crash_in_child(), ::testing::ExitedWithCode(5), AllOf(HasSubstr("died"), Not(HasSubstr("crashes with"))));
  const auto killed_from_outside = [] {
    run([] {
      if (::fork() == 0) {
        ::kill(::getppid(), SIGFPE);
        ::_exit(0);
      }
      for (;;) ::pause();
    });
  };
  if (torc::base::is_asan) GTEST_SKIP() << "AddressSanitizer ends a process that gets SIGFPE in its own way";
  EXPECT_EXIT(killed_from_outside(), ::testing::KilledBySignal(SIGFPE), Not(HasSubstr("crashes with")));
}

}  // namespace
