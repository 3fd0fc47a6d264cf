// expect: its elements must be arithmetic
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors
#include <torc/detail/view_codec.hpp>
#include <torc/torc.hpp>

#include <Kokkos_Core.hpp>
#include <string>
#include <vector>

using names = Kokkos::View<const std::string*, Kokkos::HostSpace>;
int count(names all) { return static_cast<int>(all.extent(0)); }

void refused() { torc::submit(count, names()); }
