// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors
#include "argon/forces.hpp"

namespace argon {
namespace {

template <bool Measures>
struct force_on_atom {
  atoms all;
  lists listed;
  integers counts;
  double cutoff_squared;
  double half_step;
  shares measured;

  KOKKOS_FUNCTION void operator()(int i) const {
    const double box = all.box;
    const double half_box = box / 2;
    const double x = all.x(i, 0);
    const double y = all.x(i, 1);
    const double z = all.x(i, 2);
    double fx = 0;
    double fy = 0;
    double fz = 0;
    double energy = 0;
    double virial = 0;
    double pairs = 0;
    const int count = counts(i);
    for (int k = 0; k < count; ++k) {
      const int j = listed(i, k);
      double dx = x - all.x(j, 0);
      double dy = y - all.x(j, 1);
      double dz = z - all.x(j, 2);
      // Wrapped at the last rebuild, and moved by less than the skin since.
      dx -= dx > half_box ? box : dx < -half_box ? -box : 0;
      dy -= dy > half_box ? box : dy < -half_box ? -box : 0;
      dz -= dz > half_box ? box : dz < -half_box ? -box : 0;
      const double r_squared = dx * dx + dy * dy + dz * dz;
      const double is_near = r_squared < cutoff_squared ? 1.0 : 0.0;
      const double two = is_near / r_squared;
      const double six = two * two * two;
      const double strength = 24 * six * (2 * six - 1);
      const double f = strength * two;
      fx += f * dx;
      fy += f * dy;
      fz += f * dz;
      if constexpr (Measures) {
        energy += 2 * six * (six - 1);
        virial += strength / 2;
        pairs += is_near / 2;
      }
    }
    all.f(i, 0) = fx;
    all.f(i, 1) = fy;
    all.f(i, 2) = fz;
    all.v(i, 0) += half_step * fx;
    all.v(i, 1) += half_step * fy;
    all.v(i, 2) += half_step * fz;
    if constexpr (Measures) {
      measured.energy(i) = energy;
      measured.virial(i) = virial;
      measured.pairs(i) = pairs;
    }
  }
};

template <bool Measures>
void launch(const space& exec, const atoms& all, const neighbours& near, double cutoff, double half_step,
            const shares& measured) {
  Kokkos::parallel_for(
      "argon: forces", each(exec, all.count),
      force_on_atom<Measures>{all, near.listed(), near.counts(), cutoff * cutoff, half_step, measured});
}

}  // namespace

void compute_forces(const space& exec, const atoms& all, const neighbours& near, double cutoff, double half_step,
                    const shares* measured) {
  if (measured != nullptr) {
    launch<true>(exec, all, near, cutoff, half_step, *measured);
  } else {
    launch<false>(exec, all, near, cutoff, half_step, {});
  }
}

}  // namespace argon
