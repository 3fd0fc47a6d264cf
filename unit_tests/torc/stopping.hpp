// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors
#pragma once

#include <signal.h>

#include <thread>
#include <torc/torc.hpp>

namespace tests {

/// Whoever starts the tests may ignore SIGINT, as shells do for what runs in the background.
inline void have_default_handlers() {
  ::signal(SIGINT, SIG_DFL);
  ::signal(SIGTERM, SIG_DFL);
}

inline int run_until_stopped(int x) {
  while (!torc::stop_requested()) std::this_thread::yield();
  return x;
}

/// The signal comes, and the session has heard it.
inline void stop_by(int signal) {
  ::raise(signal);
  run_until_stopped(0);
}

}  // namespace tests
