// expect: pass a View<const T
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors
#include <torc/detail/view_codec.hpp>
#include <torc/torc.hpp>

#include <Kokkos_Core.hpp>
#include <string>
#include <vector>

void fill(Kokkos::View<double*> numbers) { Kokkos::deep_copy(numbers, 1); }

void refused() { torc::submit(fill, Kokkos::View<double*>("numbers", 3)); }
