// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors
#include "argon/atoms.hpp"

#include <cmath>

#include "argon/noise.hpp"

namespace argon {
namespace {

struct number_from_0 {
  atoms all;
  KOKKOS_FUNCTION void operator()(int i) const { all.id(i) = i; }
};

atoms make_room(const space& exec, int count, double box) {
  return {count,
          box,
          on_scratch<vectors>(exec, count),
          on_scratch<vectors>(exec, count),
          on_scratch<vectors>(exec, count),
          on_scratch<integers>(exec, count)};
}

}  // namespace

atoms make_atoms(const space& exec, const state& s) {
  atoms made = make_room(exec, s.atoms, box_length(s));
  const auto count = static_cast<std::size_t>(s.atoms);
  using host_vectors = Kokkos::View<double* [3], vectors::array_layout, Kokkos::HostSpace, unmanaged>;
  const auto on_host = [&] {
    return host_vectors(static_cast<double*>(torc::host_scratch(exec, host_vectors::required_allocation_size(count))),
                        count);
  };
  const host_vectors x = on_host();
  const host_vectors v = on_host();

  // Sites of a face-centred lattice, as many as there are atoms, spread evenly over all.
  const int edge = static_cast<int>(std::ceil(std::cbrt(s.atoms / 4.0) - 1e-9));
  const double spacing = made.box / edge;
  const long long sites = 4LL * edge * edge * edge;
  constexpr double corners[4][3] = {{0, 0, 0}, {0.5, 0.5, 0}, {0.5, 0, 0.5}, {0, 0.5, 0.5}};
  double drift[3] = {};
  for (std::size_t i = 0; i < count; ++i) {
    const long long site = static_cast<long long>(i) * sites / s.atoms;
    const long long cube = site / 4;
    const long long place[3] = {cube % edge, cube / edge % edge, cube / edge / edge};
    const noise kick = gaussian_noise(s.seed, static_cast<std::uint32_t>(i), initial_step);
    for (std::size_t d = 0; d < 3; ++d) {
      x(i, d) = (static_cast<double>(place[d]) + corners[site % 4][d] + 0.25) * spacing;
      v(i, d) = kick.value[d] * std::sqrt(s.temperature);
      drift[d] += v(i, d) / s.atoms;
    }
  }
  for (std::size_t i = 0; i < count; ++i) {
    for (std::size_t d = 0; d < 3; ++d) v(i, d) -= drift[d];
  }
  Kokkos::deep_copy(exec, made.x, x);
  Kokkos::deep_copy(exec, made.v, v);
  Kokkos::parallel_for("argon: number", each(exec, s.atoms), number_from_0{made});
  torc::fence(exec);
  return made;
}

atoms make_copy(const space& exec, const atoms& from) {
  atoms made = make_room(exec, from.count, from.box);
  copy(exec, from, made);
  return made;
}

void copy(const space& exec, const atoms& from, const atoms& to) {
  Kokkos::deep_copy(exec, to.x, from.x);
  Kokkos::deep_copy(exec, to.v, from.v);
  Kokkos::deep_copy(exec, to.f, from.f);
  Kokkos::deep_copy(exec, to.id, from.id);
}

}  // namespace argon
