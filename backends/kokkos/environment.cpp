// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors

#include "backends/kokkos/environment.hpp"

#include <fmt/format.h>

#include <Kokkos_Core.hpp>
#include <exception>
#include <torc/error.hpp>

namespace torc::backends::kokkos {
namespace {

/// Whether it is torc that must finalise Kokkos.
bool is_ours = false;

/// Whether Kokkos has been finalised. Before 3.7 it can only be known of Kokkos that torc itself has finalised.
bool is_over = false;

bool is_finalised() {
#if KOKKOS_VERSION >= 30700
  return is_over || Kokkos::is_finalized();
#else
  return is_over;
#endif
}

}  // namespace

environment initialise() {
  if (is_finalised())
    throw config_error(
        "Kokkos has been finalised and cannot be initialised again; open the session before Kokkos::finalize");
  if (!Kokkos::is_initialized()) {
    try {
      Kokkos::initialize();
    } catch (const std::exception& failure) {
      throw device_error(fmt::format("Kokkos could not be initialised: {}", failure.what()));
    }
    is_ours = true;
  }
  return {.version = fmt::format("{}.{}.{}", KOKKOS_VERSION / 10000, KOKKOS_VERSION / 100 % 100, KOKKOS_VERSION % 100),
          .host_space = Kokkos::DefaultHostExecutionSpace::name(),
          .device_space = Kokkos::DefaultExecutionSpace::name()};
}

void finalise() {
  if (!is_ours) return;
  is_ours = false;
  if (!Kokkos::is_initialized()) return;
  try {
    Kokkos::finalize();
  } catch (const std::exception& failure) {
    throw device_error(fmt::format("Kokkos could not be finalised: {}", failure.what()));
  }
  is_over = true;
}

}  // namespace torc::backends::kokkos
