// expect: pass a View<const T
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors
#include <torc/detail/view_codec.hpp>
#include <torc/torc.hpp>

#include <Kokkos_Core.hpp>
#include <string>
#include <vector>

void refused() { torc::broadcast(Kokkos::View<double*>("numbers", 3)); }
