// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors
#pragma once

#include <string>
#include <vector>

#include "core/sched/device/device.hpp"

namespace torc::backends::kokkos {

/// Which of the job's processes this is, and which of those on its machine.
struct place {
  int rank = 0;
  int num_ranks = 1;
  int local_rank = 0;
  int local_ranks = 1;
};

/// An execution space that tasks of this process may ask for.
struct space_facts {
  std::string name;         ///< such as "Cuda"
  std::string description;  ///< such as "Serial" or "Cuda device 0 (NVIDIA H100)"; all of its devices
  sched::dispatch dispatch = sched::dispatch::one_worker;
  int num_devices = 0;
};

/// What this process knows of its Kokkos.
struct environment {
  std::string version;              ///< such as "4.7.1"
  std::string host_space;           ///< name of Kokkos::DefaultHostExecutionSpace
  std::string device_space;         ///< name of Kokkos::DefaultExecutionSpace; the same as host_space without devices
  std::vector<space_facts> spaces;  ///< none if Kokkos was left alone
  std::string census;               ///< all of it in one line
  std::string advice;               ///< what whoever uses Kokkos here must know, if there is anything
  bool is_applications = false;     ///< the application has initialised Kokkos, so it uses it beside torc
  std::string missing;              ///< why there are no spaces, if there are none
};

/// Initialises Kokkos unless the application has, on the devices that fall to this place (if the application has, or
/// its KOKKOS_* variables choose, on that one device). Where Kokkos was built for devices and there is none, Kokkos is
/// left alone. May be called again until Kokkos is finalised. From one thread at a time. Throws config_error if Kokkos
/// is already finalised, device_error if it cannot be initialised.
environment initialise(const place& where = {});

/// Finalises Kokkos if initialise has initialised it and nobody has finalised it since; else does nothing. No View may
/// be left that somebody will still free. Throws device_error if Kokkos fails.
void finalise();

/// The devices of this process that run bodies on drivers, as the driver numbers them, Kokkos' own first.
const std::vector<int>& devices_with_drivers() noexcept;

}  // namespace torc::backends::kokkos
