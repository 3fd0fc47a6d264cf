// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors
#pragma once

#include "argon/cells.hpp"

namespace argon {

/// Neighbours that forces take at a time: many on a host, so that it computes them as vectors.
inline constexpr int lanes = Kokkos::SpaceAccessibility<Kokkos::HostSpace, memory>::accessible ? 16 : 1;

/// Which atoms are within the cutoff and a skin of each: all of them at both ends, so that the force on an atom is one
/// thread's sum in a fixed order. Neighbours are atoms or images of some, numbered as cells::view does. Valid until an
/// atom has moved by half of the skin.
class neighbours {
 public:
  neighbours(const space& exec, const atoms& all, double cutoff);

  /// Sorts the atoms by cells (which see) and lists anew. Suspends the task.
  void build(const space& exec, atoms& all);

  /// Where the neighbours are once the atoms have moved. Enqueues only.
  void show(const space& exec, const atoms& all) const { m_cells.show(exec, all); }

  const vectors& x() const noexcept { return m_cells.shown().x; }
  const lists& listed() const noexcept { return m_listed; }
  /// Multiples of `lanes`: lists are filled up with one that is nowhere.
  const integers& counts() const noexcept { return m_counts; }
  static constexpr double skin = 0.4;

 private:
  void make_room(const space& exec, int most);

  const int m_atoms;
  const double m_reach;  ///< cutoff and skin
  cells m_cells;
  int m_room = 0;  ///< neighbours for which there is room
  lists m_listed;  ///< by atom
  integers m_counts;
  Kokkos::View<int, memory, unmanaged> m_most;
};

}  // namespace argon
