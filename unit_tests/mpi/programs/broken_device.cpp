// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors
#include <torc/error.hpp>

#include "backends/assemble.hpp"
#include "core/runtime/session.hpp"

// The device of the last node fails while it is prepared: its reason ends the job, nobody waits for that node.

int main() {
  auto backends = torc::backends::all();
  torc::runtime::backend broken;
  broken.initialise = [](const torc::runtime::process_place& where) -> torc::runtime::backend_facts {
    if (where.rank + 1 == where.num_ranks) throw torc::device_error("the driver does not answer");
    return {};
  };
  broken.finalise = [] {};
  backends.push_back(broken);
  return torc::runtime::start({}, backends, [] { return 0; });
}
