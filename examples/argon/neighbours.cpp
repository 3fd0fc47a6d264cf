// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors
#include "argon/neighbours.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>

namespace argon {
namespace {

/// Lists the neighbours of an atom. Counts them all, even if there is no room for them.
struct list_atom {
  atoms all;
  cells::view in;
  double reach_squared;
  lists listed;
  integers counts;

  KOKKOS_FUNCTION void operator()(int i) const {
    const double x[3] = {all.x(i, 0), all.x(i, 1), all.x(i, 2)};
    const int at[3] = {in.along(x[0]), in.along(x[1]), in.along(x[2])};
    const int own_cell = in.all.index(at[0] + in.margin, at[1] + in.margin, at[2] + in.margin);
    const int itself = in.all.first(own_cell) + i - in.box.first(in.box.index(at[0], at[1], at[2]));
    int count = 0;
    for (int dz = -in.margin; dz <= in.margin; ++dz) {
      for (int dy = -in.margin; dy <= in.margin; ++dy) {
        // Of the row of cells, those that the reach touches.
        const double left = reach_squared - gap_squared(x[2], at[2], dz) - gap_squared(x[1], at[1], dy);
        int first = -in.margin;
        int last = in.margin;
        while (first <= last && gap_squared(x[0], at[0], first) >= left) ++first;
        while (first <= last && gap_squared(x[0], at[0], last) >= left) --last;
        if (first > last) continue;
        const int cell = own_cell + in.all.index(0, dy, dz);
        const int end = in.all.first(cell + last + 1);
        for (int j = in.all.first(cell + first); j < end; j += lanes)
          list_near(i, x, itself, j, j + lanes < end ? lanes : end - j, count);
      }
    }
    for (; count % lanes != 0; ++count) {
      if (count < static_cast<int>(listed.extent(1))) listed(i, count) = in.nowhere();
    }
    counts(i) = count;
  }

 private:
  /// Between a position in a cell and the nearest that a cell `away` from that has.
  KOKKOS_FUNCTION double gap_squared(double x, int cell, int away) const {
    const double gap = away > 0 ? (cell + away) * in.edge - x : away < 0 ? x - (cell + away + 1) * in.edge : 0;
    return gap * gap;
  }
  /// Of some that follow each other.
  KOKKOS_FUNCTION void list_near(int i, const double (&x)[3], int itself, int first, int some, int& count) const {
    double squared[lanes];
    for (int lane = 0; lane < some; ++lane) {
      const double dx = x[0] - in.x(first + lane, 0);
      const double dy = x[1] - in.x(first + lane, 1);
      const double dz = x[2] - in.x(first + lane, 2);
      squared[lane] = dx * dx + dy * dy + dz * dz;
    }
    // Without branches, which would be guessed wrong: the next takes the place of one that does not count.
    for (int lane = 0; lane < some; ++lane) {
      if (count < static_cast<int>(listed.extent(1))) listed(i, count) = first + lane;
      count += static_cast<int>(squared[lane] < reach_squared && first + lane != itself);
    }
  }
};

struct greatest_count {
  integers counts;
  KOKKOS_FUNCTION void operator()(int i, int& most) const {
    if (counts(i) > most) most = counts(i);
  }
};

}  // namespace

neighbours::neighbours(const space& exec, const atoms& all, double cutoff)
    : m_atoms(all.count), m_reach(cutoff + skin), m_cells(exec, all, m_reach) {
  const double density = all.count / (all.box * all.box * all.box);
  const double expected = 4.0 / 3 * std::numbers::pi * m_reach * m_reach * m_reach * density;
  m_counts = on_scratch<integers>(exec, all.count);
  m_most = on_scratch<Kokkos::View<int, memory, unmanaged>>(exec);
  make_room(exec, static_cast<int>(expected + 6 * std::sqrt(expected) + 16));  // and what chance may add
}

void neighbours::make_room(const space& exec, int most) {
  m_room = (most / lanes + 1) * lanes;
  m_listed = on_scratch<lists>(exec, m_atoms, m_room);
}

void neighbours::build(const space& exec, atoms& all) {
  m_cells.sort(exec, all);
  for (;;) {
    Kokkos::parallel_for("argon: list", each(exec, m_atoms),
                         list_atom{all, m_cells.shown(), m_reach * m_reach, m_listed, m_counts});
    Kokkos::parallel_reduce("argon: most neighbours", each(exec, m_atoms), greatest_count{m_counts},
                            Kokkos::Max<int, memory>(m_most));
    const int most = read(exec, m_most.data());
    if (most <= m_room) return;
    make_room(exec, most + most / 4);
  }
}

}  // namespace argon
