// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors

#include "backends/kokkos/devices.hpp"

#include "backends/kokkos/environment.hpp"
#include "backends/kokkos/space_device.hpp"
#include "backends/kokkos/spaces.hpp"

namespace torc::backends::kokkos {
namespace {

int slots_of(sched::dispatch dispatch, const sched::device_settings& settings) {
  switch (dispatch) {
    case sched::dispatch::drivers:
      return settings.slots;
    case sched::dispatch::each_worker:
      return settings.workers;
    case sched::dispatch::one_worker:
    case sched::dispatch::first_thread:
      return 1;
  }
  return 1;
}

}  // namespace

std::vector<std::unique_ptr<sched::device>> make_devices(const sched::device_settings& settings) {
  std::vector<std::unique_ptr<sched::device>> devices;
  if (!Kokkos::is_initialized()) return devices;
  for_each_space([&]<class Space>(std::type_identity<Space>) {
    const int slots = slots_of(space_trait<Space>::dispatch, settings);
    for (const int device : devices_of<Space>())
      devices.push_back(std::make_unique<space_device<Space>>(device, slots, settings.cores_per_worker));
  });
  return devices;
}

}  // namespace torc::backends::kokkos
