// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors
#pragma once

#include <string>

namespace torc::backends::kokkos {

/// What this process knows of its Kokkos.
struct environment {
  std::string version;       ///< such as "4.7.1"
  std::string host_space;    ///< name of Kokkos::DefaultHostExecutionSpace
  std::string device_space;  ///< name of Kokkos::DefaultExecutionSpace; the same as host_space without devices
};

/// Initialises Kokkos unless the application has. May be called again until Kokkos is finalised. From one thread at a
/// time. Throws config_error if Kokkos is already finalised, device_error if it cannot be initialised.
environment initialise();

/// Finalises Kokkos if initialise has initialised it and nobody has finalised it since; else does nothing. No View may
/// be left that somebody will still free. Throws device_error if Kokkos fails.
void finalise();

}  // namespace torc::backends::kokkos
