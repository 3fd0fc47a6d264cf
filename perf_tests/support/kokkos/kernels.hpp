// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors

#pragma once

#include <Kokkos_Core.hpp>
#include <cstddef>
#include <string>
#include <torc/kokkos.hpp>
#include <torc/torc.hpp>
#include <vector>

#include "support/facts.hpp"
#include "support/suite.hpp"

// What the programs of perf_tests/device launch.
namespace perf {

using space = Kokkos::DefaultExecutionSpace;
using device_memory = Kokkos::View<double*, space::memory_space>;

/// Whether the default execution space is a device of its own, and not the host.
inline constexpr bool has_gpu = !Kokkos::SpaceAccessibility<Kokkos::HostSpace, space::memory_space>::accessible;

struct empty_kernel {
  KOKKOS_FUNCTION void operator()(int) const {}
};

/// The shortest that a task can do on a device.
inline void launch_nothing(const space& exec) {
  Kokkos::parallel_for("nothing", Kokkos::RangePolicy<space>(exec, 0, 1), empty_kernel{});
}

/// Keeps `width` threads busy for a time that grows with `steps`, and touches no memory but the result.
struct busy_kernel {
  double* result;
  int steps;
  KOKKOS_FUNCTION void operator()(int i) const {
    double x = 1e-3 * i;
    for (int step = 0; step < steps; ++step) x = x * 0.999999 + 1e-6;
    if (x < 0) *result = x;  // never: so the compiler must keep the loop
  }
};

inline void launch_busy(const space& exec, int width, int steps) {
  auto* const result = static_cast<double*>(torc::scratch(exec, sizeof(double)));
  Kokkos::parallel_for("busy", Kokkos::RangePolicy<space>(exec, 0, static_cast<std::size_t>(width)),
                       busy_kernel{result, steps});
}

/// As many instances as one would make by hand: of one's own where work goes on beside the caller, else always the
/// default one. Kokkos must be up.
inline std::vector<space> hand_made_instances(int count) {
#if KOKKOS_VERSION >= 40400
  if constexpr (has_gpu)
    return Kokkos::Experimental::partition_space(space(), std::vector<int>(static_cast<std::size_t>(count), 1));
#endif
  return std::vector<space>(static_cast<std::size_t>(count), space());
}

/// Kokkos and its spaces, for the report.
inline facts kokkos_facts() {
  std::string version = std::to_string(KOKKOS_VERSION / 10000) + "." + std::to_string(KOKKOS_VERSION / 100 % 100) +
                        "." + std::to_string(KOKKOS_VERSION % 100);
  return {{"Kokkos", version}, {"execution space", space::name()}};
}

/// Opens a session of so many workers and slots, and runs `body` as its primary task.
template <class F>
void with_torc_device(int workers, int slots, F&& body) {
  torc::options options;
  options.workers = workers;
  options.device_slots = slots;
  options.stats = 0;
  torc::session session(options);
  torc::launch();
  body();
}

}  // namespace perf
