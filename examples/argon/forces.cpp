// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors
#include "argon/forces.hpp"

namespace argon {
namespace {

template <bool Measures>
struct force_on_atom {
  atoms all;
  vectors x;  ///< of neighbours
  lists listed;
  integers counts;
  double cutoff_squared;
  double half_step;
  shares measured;

  /// Sums over the neighbours, one for each lane.
  struct sums {
    double fx[lanes] = {};
    double fy[lanes] = {};
    double fz[lanes] = {};
    double energy[lanes] = {};
    double virial[lanes] = {};
    double pairs[lanes] = {};
  };

  KOKKOS_FUNCTION void operator()(int i) const {
    sums sum;
    const int count = counts(i);
    for (int k = 0; k < count; k += lanes) add_neighbours(i, k, sum);
    const double f[3] = {total(sum.fx), total(sum.fy), total(sum.fz)};
    for (int d = 0; d < 3; ++d) {
      all.f(i, d) = f[d];
      all.v(i, d) += half_step * f[d];
    }
    if constexpr (Measures) {
      measured.energy(i) = total(sum.energy);
      measured.virial(i) = total(sum.virial);
      measured.pairs(i) = total(sum.pairs);
    }
  }

 private:
  /// First gathers, then computes: the second loop becomes vector instructions.
  KOKKOS_FUNCTION void add_neighbours(int i, int k, sums& sum) const {
    double dx[lanes];
    double dy[lanes];
    double dz[lanes];
    for (int lane = 0; lane < lanes; ++lane) {
      const int j = listed(i, k + lane);
      dx[lane] = all.x(i, 0) - x(j, 0);
      dy[lane] = all.x(i, 1) - x(j, 1);
      dz[lane] = all.x(i, 2) - x(j, 2);
    }
    for (int lane = 0; lane < lanes; ++lane) {
      const double r_squared = dx[lane] * dx[lane] + dy[lane] * dy[lane] + dz[lane] * dz[lane];
      const double is_near = r_squared < cutoff_squared ? 1.0 : 0.0;
      const double two = is_near / r_squared;
      const double six = two * two * two;
      const double strength = 24 * six * (2 * six - 1);
      const double f = strength * two;
      sum.fx[lane] += f * dx[lane];
      sum.fy[lane] += f * dy[lane];
      sum.fz[lane] += f * dz[lane];
      if constexpr (Measures) {
        sum.energy[lane] += 2 * six * (six - 1);
        sum.virial[lane] += strength / 2;
        sum.pairs[lane] += is_near / 2;
      }
    }
  }

  KOKKOS_FUNCTION static double total(const double (&sum)[lanes]) {
    double all_lanes = 0;
    for (int lane = 0; lane < lanes; ++lane) all_lanes += sum[lane];
    return all_lanes;
  }
};

template <bool Measures>
void launch(const space& exec, const atoms& all, const neighbours& near, double cutoff, double half_step,
            const shares& measured) {
  Kokkos::parallel_for(
      "argon: forces", each(exec, all.count),
      force_on_atom<Measures>{all, near.x(), near.listed(), near.counts(), cutoff * cutoff, half_step, measured});
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
