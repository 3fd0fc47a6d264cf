// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors
#pragma once

#include <cmath>
#include <cstdint>
#include <torc/bitwise.hpp>

namespace argon {

/// What the atoms are coupled to while their averages are taken.
enum class ensemble : std::int32_t {
  nvt,  ///< a heat bath: Langevin dynamics
  nve   ///< nothing: the energy is conserved
};

/// A state of the Lennard-Jones fluid and how long to simulate it. Reduced units: lengths in sigma, energies in
/// epsilon, temperatures in epsilon/k, times in sigma sqrt(m/epsilon).
struct state {
  std::int32_t atoms = 500;
  double density = 0.776;
  double temperature = 0.85;
  double cutoff = 3;
  double timestep = 0.005;
  double friction = 1;                ///< of the Langevin dynamics, per time
  std::int32_t equilibration = 4000;  ///< steps before averages are taken
  std::int32_t steps = 20000;
  std::int32_t sample_every = 10;  ///< steps
  ensemble kind = ensemble::nvt;
  std::uint64_t seed = 0;
};

/// Edge of the periodic cube.
inline double box_length(const state& s) { return std::cbrt(s.atoms / s.density); }

/// Throws std::invalid_argument, which names what cannot be simulated and what could.
void check(const state& s);

/// A mean with its standard error.
struct estimate {
  double mean = 0;
  double error = 0;
};

/// What a simulation found. In a heat bath energy and pressure are those of the potential that is merely cut, as Monte
/// Carlo takes it: forces know it only shifted to 0 at the cutoff, and the averages are reweighted for the difference
/// (reweighted_average, which says what that costs). Without a bath they are those of the shifted one's motion.
struct summary {
  state of;
  estimate energy;       ///< potential energy an atom, with the long-range correction
  estimate pressure;     ///< likewise
  estimate temperature;  ///< of the atoms' motion
  double drift = 0;      ///< of the total energy an atom, per time; meaningful for nve
  double seconds = 0;
  double atom_steps_a_second = 0;
  std::int32_t samples = 0;
  std::int32_t rebuilds = 0;    ///< of the neighbour list
  std::int32_t taken_back = 0;  ///< times that steps were made again, since a list had become too old
};

/// Potential energy an atom and pressure of what lies beyond the cutoff, as if the atoms there were spread evenly
/// (Allen and Tildesley, Computer Simulation of Liquids, 2nd ed., eq. 2.144 and 2.145).
double energy_beyond(double cutoff, double density);
double pressure_beyond(double cutoff, double density);

}  // namespace argon

template <>
inline constexpr bool torc::is_bitwise<argon::state> = true;
template <>
inline constexpr bool torc::is_bitwise<argon::summary> = true;
