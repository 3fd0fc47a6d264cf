// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "../problem.hpp"

namespace tmcmc {

/// What is known of liquid argon at one temperature and density.
struct argon_measurement {
  double temperature = 0;     ///< K
  double density = 0;         ///< kg/m^3
  double pressure = 0;        ///< MPa
  double pressure_error = 0;  ///< standard deviation
  double energy = 0;          ///< potential energy, kJ/mol
  double energy_error = 0;
};

/// The units that reduced quantities are in, for a pair of parameters.
struct argon_units {
  explicit argon_units(const parameters& x);

  double energy;                               ///< J
  double length;                               ///< m
  double time;                                 ///< s
  [[nodiscard]] double pressure() const;       ///< MPa
  [[nodiscard]] double energy_a_mole() const;  ///< kJ/mol
  [[nodiscard]] double temperature(const argon_measurement& m) const;
  [[nodiscard]] double density(const argon_measurement& m) const;
};

/// The Lennard-Jones parameters of argon, epsilon/k in K and sigma in angstrom, calibrated on pressures and energies by
/// molecular dynamics (examples/argon). Each evaluation is one simulation for each measurement, all of them device
/// tasks of the same physical duration: so their cost depends on the parameters. How simulations scatter counts as
/// an error of the data. The random numbers of the simulations are the same for all parameters.
/// All of the prior can be simulated: its densest states have a box just wide enough for the cutoff.
struct argon_problem {
  enum index : std::size_t { epsilon, sigma, count };

  [[nodiscard]] std::string name() const { return "argon"; }
  [[nodiscard]] std::vector<std::string> parameter_names() const { return {"epsilon/k", "sigma"}; }
  /// Uniform: 90 to 150 K, 3.2 to 3.6 angstrom.
  parameters sample_prior(generator& random) const;
  [[nodiscard]] double log_prior(const parameters& x) const;
  [[nodiscard]] std::optional<double> log_likelihood(const parameters& x) const;

  template <class Archive>
  void serialize(Archive&) {}
};

/// The data that are compiled in. They are synthetic: argon_data.cpp made them by simulations at the parameters
/// `argon_truth`, with noise.
inline const parameters argon_truth{119.8, 3.405};
const std::vector<argon_measurement>& argon_measurements();

}  // namespace tmcmc
