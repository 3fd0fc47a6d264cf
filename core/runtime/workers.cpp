// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors
#include "core/runtime/workers.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <torc/error.hpp>

namespace torc::runtime {

int worker_count(const options& chosen, const os::topology& machine, int sharers, int place) {
  if (chosen.workers != options::auto_workers) return chosen.workers;
  const int all = machine.auto_workers();
  return std::max(1, all / sharers + (place < all % sharers ? 1 : 0));
}

bool is_to_bind(const options& chosen, int workers, const os::topology& machine) {
  const int cores = machine.allowed_cores();
  switch (chosen.bind) {
    case toggle::off:
      return false;
    case toggle::automatic:
      return machine.is_restricted() && workers <= cores;
    case toggle::on:
      break;
  }
  if (workers > cores) {
    throw config_error(
        fmt::format("TORC_BIND=on is refused: there are {} workers, but the process may use {} of the cores; "
                    "set TORC_WORKERS to {} or less, or TORC_BIND to auto",
                    workers, cores, cores));
  }
  return true;
}

}  // namespace torc::runtime
