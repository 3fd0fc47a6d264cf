// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors
#include "core/base/process_exit.hpp"

#include <sys/syscall.h>
#include <unistd.h>

#include <atomic>
#include <cstdlib>

namespace torc::base {
namespace {
std::atomic<exit_watch> g_watch{nullptr};

[[noreturn]] void leave(int status) noexcept {
  if (const exit_watch watch = g_watch.exchange(nullptr); watch != nullptr) watch();
  exit_now(status);
}
}  // namespace

void exit_now(int status) noexcept {
  for (;;) ::syscall(SYS_exit_group, status);
}

void set_exit_watch(exit_watch watch) noexcept { g_watch.store(watch); }

void expect_exit() noexcept { g_watch.store(nullptr); }

}  // namespace torc::base

// A launcher takes a rank that has ended by these with status 0 for one that is done: MPICH's mpiexec kills the others
// and gives 0, before any of them could notice. Weak: a program may have its own.
extern "C" {
[[noreturn, gnu::weak]] void _exit(int status) { torc::base::leave(status); }
[[noreturn, gnu::weak]] void _Exit(int status) noexcept { torc::base::leave(status); }
}
