// expect: an unmanaged Kokkos::View cannot own
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors
#include <torc/detail/view_codec.hpp>
#include <torc/torc.hpp>

#include <Kokkos_Core.hpp>
#include <string>
#include <vector>

using shown = Kokkos::View<const double*, Kokkos::HostSpace, Kokkos::MemoryTraits<Kokkos::Unmanaged>>;
double first(shown numbers) { return numbers(0); }

void refused() {
  static const double number = 1;
  torc::submit(first, shown(&number, 1));
}
