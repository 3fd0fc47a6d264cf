// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors
#pragma once

#include "argon/forces.hpp"

namespace argon {

/// What a simulation measures, kept on the device until it is over.
class samples {
 public:
  samples(const space& exec, const state& s);

  /// What forces are to measure before take().
  const shares& of_atoms() const noexcept { return m_shares; }
  /// Sums up; one that was taken before is replaced. Enqueues only.
  void take(const space& exec, const atoms& all, int sample);
  /// Means and errors. Suspends the task.
  summary evaluate(const space& exec) const;

 private:
  enum quantity { energy, virial, pairs, kinetic, num_quantities };

  number place_of(quantity what, int sample) const { return number(m_sums.data() + what * m_count + sample); }

  const state m_state;
  const int m_count;
  shares m_shares;
  numbers m_sums;  ///< by quantity, then by sample
};

}  // namespace argon
