// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors
#include "backends/mpi/abort.hpp"

#include <poll.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <atomic>
#include <csignal>
#include <cstdio>
#include <cstdlib>

#include "backends/mpi/calls.hpp"
#include "core/base/log.hpp"
#include "core/base/process_exit.hpp"

namespace torc::backends::mpi {
namespace {

/// Launchers read what a process writes from a pipe, and mpiexec may end them all before it has: so the reason would be
/// lost. Waits, for a moment at most, until nothing is left in the pipe.
void wait_until_read(int descriptor) noexcept {
  struct stat what {};
  if (::fstat(descriptor, &what) != 0 || !S_ISFIFO(what.st_mode)) return;
  constexpr int patience_ms = 1000;
  for (int waited_ms = 0; waited_ms < patience_ms; ++waited_ms) {
    int unread_bytes = 0;
    if (::ioctl(descriptor, FIONREAD, &unread_bytes) != 0 || unread_bytes == 0) return;
    ::poll(nullptr, 0, 1);
  }
}

}  // namespace

void abort_job(std::string_view reason, int status) noexcept {
  // The first thread ends the process, with the others in it.
  static std::atomic_flag has_begun;
  if (has_begun.test_and_set())
    for (;;) ::pause();
  base::expect_exit();

  base::log::clear_status();
  base::log::write_error_line(reason);
  base::log::flush_output();
  wait_until_read(STDERR_FILENO);
  wait_until_read(STDOUT_FILENO);
  if (is_usable()) {
    // MPI_Abort may call exit, and what was to be done at an orderly end would wait for threads that go on.
    static int s_status;
    s_status = status;
    std::atexit([] { base::exit_now(s_status); });
    // It may also wait for a lock whose owner is never coming back. Then the signal ends this process, and the
    // launcher the others.
    constexpr unsigned patience_seconds = 10;
    std::signal(SIGALRM, SIG_DFL);
    sigset_t alarm_only;
    sigemptyset(&alarm_only);
    sigaddset(&alarm_only, SIGALRM);
    pthread_sigmask(SIG_UNBLOCK, &alarm_only, nullptr);
    ::alarm(patience_seconds);
    MPI_Abort(MPI_COMM_WORLD, status);
  }
  base::exit_now(status);
}

}  // namespace torc::backends::mpi
