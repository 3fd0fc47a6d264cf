// expect: an unmanaged Kokkos::View cannot own
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors
#include <torc/detail/view_codec.hpp>
#include <torc/torc.hpp>

#include <Kokkos_Core.hpp>
#include <string>
#include <vector>

using shown = Kokkos::View<double*, Kokkos::HostSpace, Kokkos::MemoryTraits<Kokkos::Unmanaged>>;
shown none() { return {}; }

void refused() { torc::submit(none); }
