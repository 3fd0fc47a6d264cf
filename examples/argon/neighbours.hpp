// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors
#pragma once

#include "argon/atoms.hpp"

namespace argon {

/// Which atoms are within the cutoff and a skin of each: all of them at both ends, so that the force on an atom is one
/// thread's sum in a fixed order. Valid until an atom has moved by half of the skin. Built by cells of that size, or
/// from all pairs where the box has less than three a side.
class neighbours {
 public:
  neighbours(const space& exec, const atoms& all, double cutoff);

  /// Wraps the positions into the box and lists anew. Suspends the task. Throws std::runtime_error if positions are not
  /// finite.
  void build(const space& exec);
  /// The farthest that an atom has moved since. Suspends the task.
  double farthest_move(const space& exec) const;

  const lists& listed() const noexcept { return m_listed; }
  const integers& counts() const noexcept { return m_counts; }
  static constexpr double skin = 0.5;
  int rebuilds() const noexcept { return m_rebuilds; }

 private:
  int fill(const space& exec);
  void make_room(const space& exec, int most);

  const atoms m_atoms;
  const double m_reach;  ///< cutoff and skin
  const int m_cells;     ///< a side; 0 for all pairs
  int m_room = 0;        ///< neighbours for which there is room
  int m_cell_room = 0;   ///< atoms of a cell, likewise
  int m_rebuilds = 0;
  vectors m_listed_at;  ///< where the atoms were
  lists m_listed;       ///< by atom
  integers m_counts;
  lists m_members;  ///< by cell
  integers m_member_counts;
  Kokkos::View<int, memory, unmanaged> m_most;
  Kokkos::View<double, memory, unmanaged> m_farthest;
};

}  // namespace argon
