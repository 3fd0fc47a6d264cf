// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors
#pragma once

#include <memory>
#include <vector>

#include "core/sched/device/device.hpp"

namespace torc::backends::kokkos {

/// A device for every execution space of Kokkos and every device of this process that it may run on; the host's first.
/// None if Kokkos has been left alone. From one thread, after initialise; to be destroyed before Kokkos is finalised.
/// Throws device_error.
std::vector<std::unique_ptr<sched::device>> make_devices(const sched::device_settings& settings);

}  // namespace torc::backends::kokkos
