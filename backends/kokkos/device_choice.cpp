// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors

#include "backends/kokkos/device_choice.hpp"

#include "core/base/check.hpp"

namespace torc::backends::kokkos {

std::vector<int> choose_devices(int devices, int local_rank, int local_ranks, bool can_use_several) {
  TORC_CHECK(local_rank >= 0 && local_rank < local_ranks);
  if (devices <= 0) return {};
  std::vector<int> chosen{local_rank % devices};
  if (can_use_several)
    for (int device = local_rank + local_ranks; device < devices; device += local_ranks) chosen.push_back(device);
  return chosen;
}

}  // namespace torc::backends::kokkos
