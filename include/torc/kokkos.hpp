// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors
#pragma once

#include <torc/detail/view_codec.hpp>
#include <torc/device.hpp>

#include <Kokkos_Core.hpp>
#include <type_traits>
#include <utility>

/// Tasks on the execution spaces of Kokkos.
namespace torc {

/// `on` the default execution space: the GPU in a Kokkos that was built for one, else the host.
inline constexpr space_tag<Kokkos::DefaultExecutionSpace> on_device{};

/// `on_any_of` the default execution space: `submit(on_any(host, device), args...)`.
template <class Host, class Device>
auto on_any(Host&& host, Device&& device) {
  return on_any_of<Kokkos::DefaultExecutionSpace>(std::forward<Host>(host), std::forward<Device>(device));
}

}  // namespace torc
