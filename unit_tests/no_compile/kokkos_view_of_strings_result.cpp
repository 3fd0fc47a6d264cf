// expect: its elements must be arithmetic
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors
#include <torc/detail/view_codec.hpp>
#include <torc/torc.hpp>

#include <Kokkos_Core.hpp>
#include <string>
#include <vector>

Kokkos::View<std::string*, Kokkos::HostSpace> none() { return {}; }

void refused() { torc::submit(none); }
