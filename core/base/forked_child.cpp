// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors
#include "core/base/forked_child.hpp"

#include <pthread.h>

#include <cstdlib>

#include "core/base/check.hpp"
#include "core/base/log.hpp"
#include "core/base/process_exit.hpp"

namespace torc::base {
namespace {

bool (*g_leave)() noexcept = nullptr;
bool g_is_child = false;  ///< written while the process has one thread

}  // namespace

void watch_forks(bool (*leave)() noexcept) {
  g_leave = leave;
  TORC_CHECK(::pthread_atfork(nullptr, nullptr, [] { g_is_child = g_leave() || g_is_child; }) == 0);
}

bool is_forked_child() noexcept { return g_is_child; }

void end_forked_child(std::string_view why) noexcept {
  log::write_error_line(why);
  exit_now(EXIT_FAILURE);
}

}  // namespace torc::base
