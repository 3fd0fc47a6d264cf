// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "argon/atoms.hpp"
#include "argon/noise.hpp"

/// What tests do with atoms in bodies on the device.
namespace tests {

/// Three of each.
inline std::vector<double> values_of(const argon::space& exec, const argon::vectors& from) {
  using host_vectors = Kokkos::View<double* [3], argon::vectors::array_layout, Kokkos::HostSpace>;
  const host_vectors here("here", from.extent(0));
  Kokkos::deep_copy(exec, here, from);
  torc::fence(exec);
  std::vector<double> values;
  for (std::size_t i = 0; i < from.extent(0); ++i) {
    for (std::size_t d = 0; d < 3; ++d) values.push_back(here(i, d));
  }
  return values;
}

template <class T, class... Properties>
std::vector<T> values_of(const argon::space& exec, const Kokkos::View<T*, Properties...>& from) {
  const Kokkos::View<T*, Kokkos::HostSpace> here("here", from.extent(0));
  Kokkos::deep_copy(exec, here, from);
  torc::fence(exec);
  return std::vector<T>(here.data(), here.data() + here.extent(0));
}

struct disturb {
  argon::atoms all;
  KOKKOS_FUNCTION void operator()(int i) const {
    const argon::noise kick = argon::gaussian_noise(7, static_cast<std::uint32_t>(i), 3);
    for (int d = 0; d < 3; ++d) all.x(i, d) += 0.08 * kick.value[d];
  }
};

/// Those of the state, off their lattice.
inline argon::atoms disturbed_atoms(const argon::space& exec, const argon::state& s) {
  const argon::atoms all = argon::make_atoms(exec, s);
  Kokkos::parallel_for("disturb", argon::each(exec, s.atoms), disturb{all});
  return all;
}

}  // namespace tests
