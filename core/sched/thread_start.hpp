// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors
#pragma once

#include <fmt/format.h>

#include <exception>
#include <string_view>
#include <torc/error.hpp>

namespace torc::sched {

/// Calls `start`, which starts a thread for this purpose, on a node that is to have so many workers. Throws
/// config_error if the system gives no thread.
template <class Start>
void start_thread(std::string_view purpose, int num_workers, Start start) {
  try {
    start();
  } catch (const std::exception& e) {  // a thread needs memory too
    throw config_error(
        fmt::format("no thread could be started for {}, with TORC_WORKERS={} ({}): take fewer workers, or raise the "
                    "limits of processes (ulimit -u) and of memory (ulimit -v)",
                    purpose, num_workers, e.what()));
  }
}

}  // namespace torc::sched
