// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors
#pragma once

#include <torc/torc.hpp>

namespace tmcmc::testing {

/// Runs a function as the primary task of a session of its own with that many workers.
template <class F>
void run_on(int workers, F f) {
  torc::session session(torc::options{.workers = workers, .stats = 0});
  torc::launch(f);
}

}  // namespace tmcmc::testing
