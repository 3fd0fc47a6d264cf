// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors
#pragma once

#include <torc/options.hpp>

#include <span>

#include "core/os/topology.hpp"

namespace torc::runtime {

/// The number of workers that checked options ask for on this machine; at least 1. `auto` shares the cores with the
/// other processes of this host that may use the same ones: this is number `place` of `sharers`.
int worker_count(const options& chosen, const os::topology& machine, int sharers = 1, int place = 0);

/// Whether each worker is to be bound to a core. Automatically only if someone has given this process a part of the
/// machine, with a core for each worker: two programs that are started side by side on a whole machine would both take
/// core 0 and leave others idle.
/// `workers`: of all processes that share the cores. Throws config_error if binding is demanded and there are more
/// workers than cores.
bool is_to_bind(const options& chosen, int workers, const os::topology& machine);

/// The cores of a node's workers.
struct worker_cores {
  bool are_bound = false;  ///< each to one
  int first = 0;           ///< of worker 0, among the cores that the process may use
};

/// Lets the calling thread, and the threads that it starts, use the cores of these workers; if none are named, all that
/// the process may use. Parallel regions of OpenMP get a thread for each of several workers, and one on the thread of a
/// bound worker unless OMP_NUM_THREADS says otherwise. A failure is told and changes nothing.
void use_cores(const worker_cores& cores, std::span<const int> local_ids);

}  // namespace torc::runtime
