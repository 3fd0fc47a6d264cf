// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors
#pragma once

#include <string>
#include <string_view>

namespace torc::backends::mpi {

/// What MPI allows the threads of a process; a later one includes those before it.
enum class thread_level { single, funneled, serialized, multiple };

/// The name that MPI's standard has for it, such as "MPI_THREAD_MULTIPLE".
std::string_view name(thread_level level) noexcept;

/// What this process knows of its MPI.
struct environment {
  int rank;            ///< in MPI_COMM_WORLD
  int num_ranks;       ///< of MPI_COMM_WORLD
  thread_level level;  ///< as granted; at least serialized
  std::string library;
};

/// **Collective** over MPI_COMM_WORLD. Initialises MPI, asking for thread_level::multiple, unless the application has;
/// then what the application asked for counts. Makes the application's communicator. May be called again until MPI is
/// finalised. From one thread at a time, the first time from the one that is to call finalise. Throws config_error if
/// the thread level is too low or MPI is already finalised, transport_error if MPI fails.
environment initialise();

/// Of this process, also after initialise has thrown config_error; before it what the launcher says, 0 if nothing.
int known_rank() noexcept;

/// **Collective** over MPI_COMM_WORLD. Frees what initialise has made, and finalises MPI if initialise has initialised
/// it; nothing of this if somebody has finalised MPI since. Throws transport_error if MPI fails.
void finalise();

}  // namespace torc::backends::mpi
