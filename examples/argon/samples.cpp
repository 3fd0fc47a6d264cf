// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors
#include "argon/samples.hpp"

#include <cmath>
#include <vector>

#include "argon/averages.hpp"
#include "argon/motion.hpp"

namespace argon {
namespace {

struct sum_of {
  numbers values;
  KOKKOS_FUNCTION void operator()(int i, double& sum) const { sum += values(i); }
};

}  // namespace

samples::samples(const space& exec, const state& s)
    : m_state(s),
      m_count(s.steps / s.sample_every),
      m_shares{on_scratch<numbers>(exec, s.atoms), on_scratch<numbers>(exec, s.atoms),
               on_scratch<numbers>(exec, s.atoms)},
      m_sums(on_scratch<numbers>(exec, num_quantities * m_count)) {}

void samples::take(const space& exec, const atoms& all, int sample) {
  const auto add_up = [&](quantity what, const numbers& values) {
    Kokkos::parallel_reduce("argon: sum", each(exec, all.count), sum_of{values}, place_of(what, sample));
  };
  add_up(energy, m_shares.energy);
  add_up(virial, m_shares.virial);
  add_up(pairs, m_shares.pairs);
  Kokkos::parallel_reduce("argon: kinetic energy", each(exec, all.count), kinetic_energy{all},
                          place_of(kinetic, sample));
}

summary samples::evaluate(const space& exec) const {
  const auto count = static_cast<std::size_t>(m_count);
  auto* const sums = static_cast<double*>(torc::host_scratch(exec, num_quantities * count * sizeof(double)));
  read(exec, static_cast<const double*>(m_sums.data()), sums, num_quantities * count);
  const double atoms = m_state.atoms;
  const double volume = atoms / m_state.density;
  const double energy_at_cutoff = pair_energy(m_state.cutoff);
  std::vector<double> energies;
  std::vector<double> pressures;
  std::vector<double> temperatures;
  std::vector<double> totals;
  std::vector<double> shifts;
  for (std::size_t i = 0; i < count; ++i) {
    const auto of = [&](quantity what) { return sums[static_cast<std::size_t>(what) * count + i]; };
    const double temperature = 2 * of(kinetic) / (3 * atoms);
    // The bath's temperature is known; that of the motion would only add noise.
    const double ideal = m_state.density * (m_state.kind == ensemble::nvt ? m_state.temperature : temperature);
    energies.push_back(of(energy) / atoms + energy_beyond(m_state.cutoff, m_state.density));
    pressures.push_back(ideal + of(virial) / (3 * volume) + pressure_beyond(m_state.cutoff, m_state.density));
    temperatures.push_back(temperature);
    // Pairs that cross the cutoff would make the energy jump; shifted to 0 there, it is what the forces conserve.
    shifts.push_back(of(pairs) * energy_at_cutoff);
    totals.push_back((of(energy) - shifts.back() + of(kinetic)) / atoms);
  }
  const auto average = [&](const std::vector<double>& series) {
    return m_state.kind == ensemble::nvt ? reweighted_average(series, shifts, m_state.temperature)
                                         : block_average(series);
  };
  summary found;
  found.of = m_state;
  found.energy = average(energies);
  found.pressure = average(pressures);
  found.temperature = block_average(temperatures);
  found.drift = slope(totals, m_state.sample_every * m_state.timestep);
  found.samples = m_count;
  return found;
}

}  // namespace argon
