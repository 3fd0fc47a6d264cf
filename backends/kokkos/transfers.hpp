// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors
#pragma once

namespace torc::backends::kokkos {

/// Makes the instances on which Views travel to and from the memory of each execution space's first device (the one
/// that Kokkos has taken). Once Kokkos is initialised, from one thread. Throws device_error.
void make_transfers(int device);

/// Before Kokkos is finalised; does nothing if there are none.
void release_transfers() noexcept;

}  // namespace torc::backends::kokkos
