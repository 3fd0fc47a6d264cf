// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors
#pragma once

#include <string>
#include <vector>

namespace torc::backends::kokkos {

/// What the driver says before Kokkos is started.
struct found_devices {
  int count = 0;
  std::string reason;  ///< why there is none
};

/// Which of a machine's devices, numbered from 0, a process uses: the `local_rank`-th of `local_ranks` on the machine.
/// With as many processes as devices or more, each has one and they are dealt round; with fewer, each has several, the
/// `local_rank`-th and every `local_ranks`-th from there, if it can use several, else the first of them. The first is
/// the one that Kokkos is to be initialised with. Empty if there is none.
std::vector<int> choose_devices(int devices, int local_rank, int local_ranks, bool can_use_several);

}  // namespace torc::backends::kokkos
