// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors
#pragma once

#include <torc/options.hpp>

#include "core/os/topology.hpp"

namespace torc::runtime {

/// The number of workers that checked options ask for on this machine; at least 1.
int worker_count(const options& chosen, const os::topology& machine);

/// Whether each worker is to be bound to a core. Automatically only if someone has given this process a part of the
/// machine, with a core for each worker: two programs that are started side by side on a whole machine would both take
/// core 0 and leave others idle.
/// Throws config_error if binding is demanded and there are more workers than cores.
bool is_to_bind(const options& chosen, int workers, const os::topology& machine);

}  // namespace torc::runtime
