// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors
#pragma once

#include <signal.h>

#include <chrono>
#include <thread>
#include <torc/torc.hpp>

namespace tests {

/// Whoever starts the tests may ignore SIGINT, as shells do for what runs in the background.
inline void have_default_handlers() {
  ::signal(SIGINT, SIG_DFL);
  ::signal(SIGTERM, SIG_DFL);
}

inline int run_until_stopped(int x) {
  while (!torc::stop_requested()) std::this_thread::sleep_for(std::chrono::milliseconds(1));
  return x;
}

/// The signal comes, to this process alone, and the session has heard it.
inline int stop_by(int signal) {
  ::raise(signal);
  return run_until_stopped(0);
}

}  // namespace tests
