// expect: pass a View<const T
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors
#include <torc/detail/view_codec.hpp>
#include <torc/torc.hpp>

#include <Kokkos_Core.hpp>
#include <string>
#include <vector>

int count(const std::vector<Kokkos::View<double*>>& all) { return static_cast<int>(all.size()); }

void refused() { torc::submit(count, std::vector<Kokkos::View<double*>>()); }
