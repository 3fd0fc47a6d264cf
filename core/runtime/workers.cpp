// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors
#include "core/runtime/workers.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cstdlib>
#include <torc/error.hpp>
#include <vector>

#include "core/base/log.hpp"
#include "core/os/openmp.hpp"

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

void use_cores(const worker_cores& cores, std::span<const int> local_ids) {
  const os::topology& machine = os::machine();
  if (cores.are_bound && !local_ids.empty()) {
    std::vector<int> numbers(local_ids.begin(), local_ids.end());
    for (int& number : numbers) number += cores.first;
    if (const auto problem = machine.bind_this_thread(numbers))
      base::log::line("worker {} is not bound: {}", fmt::join(local_ids, ", "), *problem);
  } else if (cores.are_bound || !os::openmp_places().empty()) {
    machine.unbind_this_thread();  // from what it has inherited of the thread that started it
  }
  if (local_ids.size() > 1) {
    os::set_openmp_threads(static_cast<int>(local_ids.size()));
  } else {
    const bool has_one_core = cores.are_bound && !local_ids.empty();
    os::set_openmp_threads(has_one_core && std::getenv("OMP_NUM_THREADS") == nullptr ? 1 : 0);
  }
}

}  // namespace torc::runtime
