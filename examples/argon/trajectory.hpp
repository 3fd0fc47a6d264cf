// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors
#pragma once

#include <functional>

#include "argon/forces.hpp"
#include "argon/neighbours.hpp"
#include "argon/samples.hpp"

namespace argon {

/// The atoms' motion, step by step. A neighbour list is made for some steps and looked at after them: if an atom has
/// moved too far for it, the steps are taken back and half as many are made. So the motion is right, and the same
/// whatever was guessed, though the device is waited for twice a list only.
class trajectory {
 public:
  /// A list is made for at most so many steps.
  trajectory(const space& exec, const state& s, int longest_life = 200);

  /// Further steps in a heat bath of the temperature, or without one if that is 0. Takes samples if they are given, the
  /// first after `sample_every` steps. Suspends the task. Throws std::runtime_error if an atom moves too far in one
  /// step. Calls `observe` now and then, with the number of steps that will not be taken back.
  void advance(
      int steps, double temperature, samples* taken = nullptr, const std::function<void(int)>& observe = [](int) {});

  /// Gives the motion exactly this temperature. Suspends the task.
  void scale_to(double temperature);

  /// In an order that changes with each advance().
  const atoms& all() const noexcept { return m_atoms; }
  int rebuilds() const noexcept { return m_rebuilds; }
  int taken_back() const noexcept { return m_taken_back; }

 private:
  void step(double temperature, const shares* measured);
  /// After `made` of this advance(). Returns how far the farthest atom has moved since the list was made.
  double make_steps(int made, int more, double temperature, samples* taken);
  void renew_list();
  void take_back();

  const space& m_exec;
  const state m_state;
  const int m_longest_life;
  atoms m_atoms;
  atoms m_saved;  ///< as they were when the list was made
  neighbours m_near;
  number m_number;
  std::uint32_t m_step = 0;
  std::uint32_t m_saved_step = 0;
  int m_life = 1;  ///< steps to make with a list
  int m_rebuilds = 0;
  int m_taken_back = 0;
};

}  // namespace argon
