// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors
#include "argon/trajectory.hpp"

#include <algorithm>
#include <cmath>
#include <stdexcept>

#include "argon/motion.hpp"

namespace argon {
namespace {

/// The next list is used for as many steps as would have moved the farthest atom of the last one so far, as a part of
/// what it may. Less wastes lists, more takes more steps back.
constexpr double caution = 0.8;

}  // namespace

trajectory::trajectory(const space& exec, const state& s, int longest_life)
    : m_exec(exec),
      m_state(s),
      m_longest_life(longest_life),
      m_atoms(make_atoms(exec, s)),
      m_saved(make_copy(exec, m_atoms)),
      m_near(exec, m_atoms, s.cutoff),
      m_number(on_scratch<number>(exec)) {
  renew_list();
  compute_forces(m_exec, m_atoms, m_near, s.cutoff, 0, nullptr);
}

void trajectory::advance(int steps, double temperature, samples* taken, const std::function<void(int)>& observe) {
  constexpr double limit = neighbours::skin / 2;
  for (int made = 0; made < steps;) {
    renew_list();
    int life = std::min(m_life, steps - made);
    double moved = make_steps(made, life, temperature, taken);
    while (moved > limit) {
      if (life == 1) throw std::runtime_error("argon: an atom moves too far in one step: take a shorter time step");
      life /= 2;
      take_back();
      moved = make_steps(made, life, temperature, taken);
    }
    made += life;
    observe(made);
    const double next_life = caution * limit / moved * life;
    m_life = static_cast<int>(std::clamp(next_life, 1.0, static_cast<double>(m_longest_life)));
  }
}

double trajectory::make_steps(int made, int more, double temperature, samples* taken) {
  for (int i = made + 1; i <= made + more; ++i) {
    const bool is_sample = taken != nullptr && i % m_state.sample_every == 0;
    step(temperature, is_sample ? &taken->of_atoms() : nullptr);
    if (is_sample) taken->take(m_exec, m_atoms, i / m_state.sample_every - 1);
  }
  Kokkos::parallel_reduce("argon: farthest move", each(m_exec, m_atoms.count), farthest_move{m_saved, m_atoms},
                          Kokkos::Max<double, memory>(m_number));
  return std::sqrt(read(m_exec, m_number.data()));
}

void trajectory::step(double temperature, const shares* measured) {
  const double keep = temperature > 0 ? std::exp(-m_state.friction * m_state.timestep) : 1;
  const double noise = temperature > 0 ? std::sqrt((1 - keep * keep) * temperature) : 0;
  Kokkos::parallel_for("argon: begin step", each(m_exec, m_atoms.count),
                       begin_step{m_atoms, m_state.timestep, keep, noise, m_state.seed, m_step++});
  m_near.show(m_exec, m_atoms);
  compute_forces(m_exec, m_atoms, m_near, m_state.cutoff, m_state.timestep / 2, measured);
}

void trajectory::renew_list() {
  m_near.build(m_exec, m_atoms);
  copy(m_exec, m_atoms, m_saved);
  m_saved_step = m_step;
  ++m_rebuilds;
}

void trajectory::take_back() {
  copy(m_exec, m_saved, m_atoms);
  m_step = m_saved_step;
  ++m_taken_back;
}

void trajectory::scale_to(double temperature) {
  Kokkos::parallel_reduce("argon: kinetic energy", each(m_exec, m_atoms.count), kinetic_energy{m_atoms}, m_number);
  const double measured = 2 * read(m_exec, m_number.data()) / (3.0 * m_atoms.count);
  Kokkos::parallel_for("argon: scale", each(m_exec, m_atoms.count),
                       scale_velocities{m_atoms, std::sqrt(temperature / measured)});
}

}  // namespace argon
