// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors
#pragma once

#include "argon/neighbours.hpp"

namespace argon {

/// Of each atom: half of its pairs' energies and virials, and half the number of its pairs.
struct shares {
  numbers energy;
  numbers virial;
  numbers pairs;
};

/// Forces on all atoms from those within the cutoff, then half a kick by them; shares too, if any are given.
/// `half_step`: half of the time step, 0 for no kick.
void compute_forces(const space& exec, const atoms& all, const neighbours& near, double cutoff, double half_step,
                    const shares* measured);

/// The pair potential at a distance.
inline double pair_energy(double r) {
  const double six = 1 / (r * r * r * r * r * r);
  return 4 * six * (six - 1);
}

}  // namespace argon
