// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors
#include "unit_tests/storm/burners.hpp"

#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>

namespace storm {
namespace {

[[noreturn]] void burn(pid_t parent) {
  ::prctl(PR_SET_PDEATHSIG, SIGKILL);
  // Launchers wait until the pipes that they read are closed.
  for (const int descriptor : {STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO}) ::close(descriptor);
  volatile unsigned work = 0;
  while (::getppid() == parent) {
    for (int i = 0; i < 1'000'000; ++i) work = work + 1;
  }
  ::_exit(0);
}

}  // namespace

burners::burners(int count) {
  const pid_t self = ::getpid();
  for (int i = 0; i < count; ++i) {
    const pid_t child = ::fork();
    if (child == 0) burn(self);
    if (child > 0) m_processes.push_back(child);
  }
}

burners::~burners() {
  for (const pid_t process : m_processes) ::kill(process, SIGKILL);
  for (const pid_t process : m_processes) ::waitpid(process, nullptr, 0);
}

}  // namespace storm
