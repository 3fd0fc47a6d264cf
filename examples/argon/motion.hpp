// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors
#pragma once

#include <cmath>
#include <cstdint>

#include "argon/atoms.hpp"
#include "argon/noise.hpp"

namespace argon {

/// Half a kick, half a drift, the heat bath, half a drift: the first part of a step of BAOAB (Leimkuhler and Matthews,
/// J. Chem. Phys. 138, 174102, 2013, doi:10.1063/1.4802990). Without a heat bath it is velocity Verlet.
struct begin_step {
  atoms all;
  double timestep;
  double keep;   ///< of the velocity; 1 without a bath
  double noise;  ///< that replaces the rest
  std::uint64_t seed;
  std::uint32_t step;

  KOKKOS_FUNCTION void operator()(int i) const {
    argon::noise kick{};
    if (noise > 0) kick = gaussian_noise(seed, static_cast<std::uint32_t>(all.id(i)), step);
    for (int d = 0; d < 3; ++d) {
      double v = all.v(i, d) + timestep / 2 * all.f(i, d);
      double x = all.x(i, d) + timestep / 2 * v;
      v = keep * v + noise * kick.value[d];
      x += timestep / 2 * v;
      all.v(i, d) = v;
      all.x(i, d) = x;
    }
  }
};

struct kinetic_energy {
  atoms all;
  KOKKOS_FUNCTION void operator()(int i, double& sum) const {
    sum += (all.v(i, 0) * all.v(i, 0) + all.v(i, 1) * all.v(i, 1) + all.v(i, 2) * all.v(i, 2)) / 2;
  }
};

struct scale_velocities {
  atoms all;
  double factor;
  KOKKOS_FUNCTION void operator()(int i) const {
    for (int d = 0; d < 3; ++d) all.v(i, d) *= factor;
  }
};

/// Of the moves since the atoms were `before`, the farthest, squared; huge if a position is not a number.
struct farthest_move {
  atoms before;
  atoms now;
  KOKKOS_FUNCTION void operator()(int i, double& most) const {
    double squared = 0;
    for (int d = 0; d < 3; ++d) {
      const double delta = now.x(i, d) - before.x(i, d);
      squared += delta * delta;
    }
    if (!(squared < 1e300)) squared = 1e300;
    if (squared > most) most = squared;
  }
};

}  // namespace argon
