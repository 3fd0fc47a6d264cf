// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors
#pragma once

#include "argon/atoms.hpp"

namespace argon {

/// Cubic cells, and the first atom of each, since atoms are sorted by cell. Cells that differ in x alone follow each
/// other, and so do their atoms.
struct grid {
  int side = 1;    ///< cells along an edge
  integers first;  ///< and one more for the end

  int count() const { return side * side * side; }
  KOKKOS_INLINE_FUNCTION int index(int x, int y, int z) const { return (z * side + y) * side + x; }
};

/// The atoms in the order of cells, and around the box its periodic images as far as an atom's reach: so none of those
/// who look for neighbours need know of the box's faces.
class cells {
 public:
  cells(const space& exec, const atoms& all, double reach);

  /// Wraps the positions into the box and sorts the atoms by their cells, those of one cell by their ids: so the order
  /// depends on positions alone. Suspends the task.
  void sort(const space& exec, atoms& all);
  /// Positions have changed, the order has not. Enqueues only.
  void show(const space& exec, const atoms& all) const;

  struct view {
    grid box;         ///< of the atoms
    grid all;         ///< of the atoms and their images
    int margin = 0;   ///< cells of `all` before the first of `box`, and behind the last
    double edge = 0;  ///< of a cell
    vectors x;        ///< in the order of `all`; behind them one that is farther from all than any reach

    KOKKOS_INLINE_FUNCTION int nowhere() const { return all.first(all.side * all.side * all.side); }

    KOKKOS_INLINE_FUNCTION int along(double position) const {
      const int cell = static_cast<int>(position / edge);
      return cell < 0 ? 0 : cell >= box.side ? box.side - 1 : cell;
    }
  };
  const view& shown() const noexcept { return m_view; }

 private:
  view m_view;
  atoms m_sorted;
  integers m_next;   ///< place in each cell of the box
  integers m_order;  ///< of atoms
};

}  // namespace argon
