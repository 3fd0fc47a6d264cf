// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors
#pragma once

#include <torc/kokkos.hpp>

#include <functional>

#include "argon/state.hpp"

namespace argon {

using space = Kokkos::DefaultExecutionSpace;

/// Molecular dynamics of a state: the body of a device task, such as torc::submit(torc::on_device, argon::simulate, s).
/// The same state gives the same numbers on the same kind of device, to the bit on the host. Throws
/// std::invalid_argument for a state that cannot be simulated, std::runtime_error if the integration breaks down.
summary simulate(const space& exec, const state& s);

/// How far a simulation is.
struct progress {
  int steps = 0;       ///< of those over which averages are taken
  double seconds = 0;  ///< since these began
};

/// The same; calls `observe` where it runs, after each neighbour list with which steps were made for the averages.
summary simulate_observed(const space& exec, const state& s, const std::function<void(const progress&)>& observe);

}  // namespace argon
