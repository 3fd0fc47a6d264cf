// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors
#include "core/os/signal_handler.hpp"

#include <signal.h>

#include <ctime>

namespace torc::os {
namespace {

/// Stands for a handler with three parameters.
void takes_more(int /*signal*/) {}

}  // namespace

signal_handler handler_of(int signal) noexcept {
  struct sigaction current {};
  if (::sigaction(signal, nullptr, &current) != 0 || (current.sa_flags & SA_SIGINFO) != 0) return takes_more;
  return current.sa_handler;
}

void set_handler(int signal, signal_handler handler) noexcept {
  struct sigaction action {};
  action.sa_handler = handler;
  action.sa_flags = SA_RESTART | SA_ONSTACK;
  sigemptyset(&action.sa_mask);
  ::sigaction(signal, &action, nullptr);
}

void have_default_effect(int signal) noexcept {
  ::signal(signal, SIG_DFL);
  ::raise(signal);
}

std::int64_t monotonic_ns() noexcept {
  timespec t{};
  ::clock_gettime(CLOCK_MONOTONIC, &t);
  return std::int64_t{1'000'000'000} * t.tv_sec + t.tv_nsec;
}

}  // namespace torc::os
