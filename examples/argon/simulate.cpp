// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors
#include "argon/simulate.hpp"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <stdexcept>
#include <vector>

#include "argon/atoms.hpp"
#include "argon/averages.hpp"
#include "argon/forces.hpp"
#include "argon/neighbours.hpp"
#include "argon/noise.hpp"

namespace argon {
namespace {

/// Between two looks whether the neighbour list holds.
constexpr int most_steps_between_looks = 20;

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
    if (noise > 0) kick = gaussian_noise(seed, static_cast<std::uint32_t>(i), step);
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

struct sum_of {
  numbers values;
  KOKKOS_FUNCTION void operator()(int i, double& sum) const { sum += values(i); }
};

struct kinetic_energy {
  atoms all;
  KOKKOS_FUNCTION void operator()(int i, double& sum) const {
    sum += (all.v(i, 0) * all.v(i, 0) + all.v(i, 1) * all.v(i, 1) + all.v(i, 2) * all.v(i, 2)) / 2;
  }
};

struct fastest {
  atoms all;
  KOKKOS_FUNCTION void operator()(int i, double& most) const {
    const double squared = all.v(i, 0) * all.v(i, 0) + all.v(i, 1) * all.v(i, 1) + all.v(i, 2) * all.v(i, 2);
    if (squared > most) most = squared;
  }
};

struct scale_velocities {
  atoms all;
  double factor;
  KOKKOS_FUNCTION void operator()(int i) const {
    for (int d = 0; d < 3; ++d) all.v(i, d) *= factor;
  }
};

/// What is kept of each sample.
enum quantity { energy, virial, pairs, kinetic, num_quantities };

class simulation {
 public:
  simulation(const space& exec, const state& s)
      : m_exec(exec),
        m_state(s),
        m_atoms(make_atoms(exec, s)),
        m_near(exec, m_atoms, s.cutoff),
        m_shares{on_scratch<numbers>(exec, s.atoms), on_scratch<numbers>(exec, s.atoms),
                 on_scratch<numbers>(exec, s.atoms)},
        m_num_samples(s.steps / s.sample_every),
        m_samples(on_scratch<numbers>(exec, num_quantities * m_num_samples)),
        m_fastest(on_scratch<Kokkos::View<double, memory, unmanaged>>(exec)) {
    m_near.build(exec);
    compute_forces(exec, m_atoms, m_near, s.cutoff, 0, nullptr);
  }

  summary run() {
    equilibrate();
    const auto start = std::chrono::steady_clock::now();
    const bool has_bath = m_state.kind == ensemble::nvt;
    for (int i = 1; i <= m_state.steps; ++i) {
      const bool is_sample = i % m_state.sample_every == 0;
      step(has_bath ? m_state.temperature : 0, is_sample);
      if (is_sample) sample(i / m_state.sample_every - 1);
    }
    torc::fence(m_exec);
    summary found = evaluate();
    found.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
    found.atom_steps_a_second = static_cast<double>(m_state.atoms) * m_state.steps / found.seconds;
    return found;
  }

 private:
  /// Twice as hot at first, so that the lattice melts.
  void equilibrate() {
    for (int i = 0; i < m_state.equilibration; ++i)
      step(m_state.temperature * (i < m_state.equilibration / 5 ? 2 : 1), false);
    if (m_state.kind != ensemble::nve) return;
    const double* const sum = m_samples.data();
    Kokkos::parallel_reduce("argon: kinetic energy", each(m_exec, m_atoms.count), kinetic_energy{m_atoms},
                            place_of(kinetic, 0));
    const double measured = 2 * read(m_exec, sum + kinetic * m_num_samples) / (3.0 * m_atoms.count);
    Kokkos::parallel_for("argon: scale", each(m_exec, m_atoms.count),
                         scale_velocities{m_atoms, std::sqrt(m_state.temperature / measured)});
  }

  /// With a heat bath of the temperature, if it is not 0.
  void step(double temperature, bool is_measured) {
    const double keep = temperature > 0 ? std::exp(-m_state.friction * m_state.timestep) : 1;
    const double noise = temperature > 0 ? std::sqrt((1 - keep * keep) * temperature) : 0;
    Kokkos::parallel_for("argon: begin step", each(m_exec, m_atoms.count),
                         begin_step{m_atoms, m_state.timestep, keep, noise, m_state.seed, m_step++});
    look_after_list();
    compute_forces(m_exec, m_atoms, m_near, m_state.cutoff, m_state.timestep / 2, is_measured ? &m_shares : nullptr);
  }

  /// Before the forces of a step. Rebuilds the list before an atom can have moved by half of the skin. Looks seldom:
  /// each look waits for the device.
  void look_after_list() {
    if (m_step < m_next_look) return;
    constexpr double limit = neighbours::skin / 2;
    constexpr double caution = 2;  // as much faster as the fastest is now may one become until then
    double moved = m_near.farthest_move(m_exec);
    if (moved > limit)
      throw std::runtime_error("argon: an atom moved too far between two looks at it: take a shorter time step");
    Kokkos::parallel_reduce("argon: fastest", each(m_exec, m_atoms.count), fastest{m_atoms},
                            Kokkos::Max<double, memory>(m_fastest));
    const double a_step = caution * m_state.timestep * std::sqrt(read(m_exec, m_fastest.data())) + 1e-12;
    if (moved + a_step > limit) {
      m_near.build(m_exec);
      moved = 0;
    }
    const double steps_left = std::clamp((limit - moved) / a_step, 1.0, static_cast<double>(most_steps_between_looks));
    m_next_look = m_step + static_cast<std::uint32_t>(steps_left);
  }

  Kokkos::View<double, memory, unmanaged> place_of(quantity what, int number) const {
    return Kokkos::View<double, memory, unmanaged>(m_samples.data() + what * m_num_samples + number);
  }

  void sample(int number) {
    const auto add_up = [&](quantity what, const numbers& values) {
      Kokkos::parallel_reduce("argon: sum", each(m_exec, m_atoms.count), sum_of{values}, place_of(what, number));
    };
    add_up(energy, m_shares.energy);
    add_up(virial, m_shares.virial);
    add_up(pairs, m_shares.pairs);
    Kokkos::parallel_reduce("argon: kinetic energy", each(m_exec, m_atoms.count), kinetic_energy{m_atoms},
                            place_of(kinetic, number));
  }

  summary evaluate() {
    const auto count = static_cast<std::size_t>(m_num_samples);
    auto* const all = static_cast<double*>(torc::host_scratch(m_exec, num_quantities * count * sizeof(double)));
    read(m_exec, static_cast<const double*>(m_samples.data()), all, num_quantities * count);
    const double atoms = m_state.atoms;
    const double volume = std::pow(m_atoms.box, 3);
    const double energy_at_cutoff = pair_energy(m_state.cutoff);
    std::vector<double> energies;
    std::vector<double> pressures;
    std::vector<double> temperatures;
    std::vector<double> totals;
    for (std::size_t i = 0; i < count; ++i) {
      const auto of = [&](quantity what) { return all[static_cast<std::size_t>(what) * count + i]; };
      const double temperature = 2 * of(kinetic) / (3 * atoms);
      // The bath's temperature is known; that of the motion would only add noise.
      const double ideal = m_state.density * (m_state.kind == ensemble::nvt ? m_state.temperature : temperature);
      energies.push_back(of(energy) / atoms + energy_beyond(m_state.cutoff, m_state.density));
      pressures.push_back(ideal + of(virial) / (3 * volume) + pressure_beyond(m_state.cutoff, m_state.density));
      temperatures.push_back(temperature);
      // Pairs that cross the cutoff would make the energy jump; shifted to 0 there, it is what the forces conserve.
      totals.push_back((of(energy) - of(pairs) * energy_at_cutoff + of(kinetic)) / atoms);
    }
    summary found;
    found.of = m_state;
    found.energy = block_average(energies);
    found.pressure = block_average(pressures);
    found.temperature = block_average(temperatures);
    found.drift = slope(totals, m_state.sample_every * m_state.timestep);
    found.samples = m_num_samples;
    found.rebuilds = m_near.rebuilds();
    return found;
  }

  const space& m_exec;
  const state m_state;
  atoms m_atoms;
  neighbours m_near;
  shares m_shares;
  const int m_num_samples;
  numbers m_samples;                                  ///< by quantity, then by sample
  Kokkos::View<double, memory, unmanaged> m_fastest;  ///< speed, squared
  std::uint32_t m_step = 0;
  std::uint32_t m_next_look = 1;
};

}  // namespace

summary simulate(const space& exec, const state& s) {
  check(s);
  return simulation(exec, s).run();
}

}  // namespace argon
