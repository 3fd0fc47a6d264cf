// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors
#pragma once

#include <torc/kokkos.hpp>

#include <cstddef>

#include "argon/simulate.hpp"

namespace argon {

using memory = space::memory_space;
using unmanaged = Kokkos::MemoryTraits<Kokkos::Unmanaged>;
/// All x, then all y, then all z.
using vectors = Kokkos::View<double* [3], Kokkos::LayoutLeft, memory, unmanaged>;
using number = Kokkos::View<double, memory, unmanaged>;
using numbers = Kokkos::View<double*, memory, unmanaged>;
using integers = Kokkos::View<int*, memory, unmanaged>;
using lists = Kokkos::View<int**, memory, unmanaged>;

/// Views of the slot's memory: none is freed before the task is over, since freeing might wait for all other tasks.
template <class View, class... Extent>
View on_scratch(const space& exec, Extent... extent) {
  const std::size_t size_bytes = View::required_allocation_size(static_cast<std::size_t>(extent)...);
  return View(static_cast<typename View::pointer_type>(torc::scratch(exec, size_bytes)),
              static_cast<std::size_t>(extent)...);
}

inline Kokkos::RangePolicy<space> each(const space& exec, int count) {
  return Kokkos::RangePolicy<space>(exec, 0, static_cast<std::size_t>(count));
}

/// Where the atoms are, their velocities and the forces on them, in an order that changes.
struct atoms {
  int count = 0;
  double box = 0;  ///< edge of the periodic cube
  vectors x;
  vectors v;
  vectors f;
  integers id;  ///< place at the start, which the atom's noise is keyed by
};

/// On a lattice, each with a velocity of the temperature; the whole at rest.
atoms make_atoms(const space& exec, const state& s);
atoms make_copy(const space& exec, const atoms& from);
void copy(const space& exec, const atoms& from, const atoms& to);

/// The value that a kernel has left on the device. Suspends the task.
template <class T>
T read(const space& exec, const T* on_device) {
  if constexpr (Kokkos::SpaceAccessibility<Kokkos::HostSpace, memory>::accessible) {
    torc::fence(exec);
    return *on_device;
  } else {
    auto* const here = static_cast<T*>(torc::host_scratch(exec, sizeof(T)));
    Kokkos::deep_copy(exec, Kokkos::View<T, Kokkos::HostSpace, unmanaged>(here),
                      Kokkos::View<const T, memory, unmanaged>(on_device));
    torc::fence(exec);
    return *here;
  }
}

/// The same of many. `here`: memory for them that copies may use.
template <class T>
void read(const space& exec, const T* on_device, T* here, std::size_t count) {
  Kokkos::deep_copy(exec, Kokkos::View<T*, Kokkos::HostSpace, unmanaged>(here, count),
                    Kokkos::View<const T*, memory, unmanaged>(on_device, count));
  torc::fence(exec);
}

}  // namespace argon
