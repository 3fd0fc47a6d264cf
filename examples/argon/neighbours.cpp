// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors
#include "argon/neighbours.hpp"

#include <algorithm>
#include <cmath>
#include <stdexcept>

namespace argon {
namespace {

constexpr double pi = 3.141592653589793;

struct wrap {
  atoms all;
  vectors listed_at;
  KOKKOS_FUNCTION void operator()(int i) const {
    for (int d = 0; d < 3; ++d) {
      all.x(i, d) -= all.box * std::floor(all.x(i, d) / all.box);
      listed_at(i, d) = all.x(i, d);
    }
  }
};

struct cell_of {
  int cells;
  double box;
  KOKKOS_FUNCTION int along(double x) const {
    const int cell = static_cast<int>(x / box * cells);
    return cell < 0 ? 0 : cell >= cells ? cells - 1 : cell;
  }
};

struct put_into_cells {
  atoms all;
  cell_of where;
  lists members;
  integers counts;
  KOKKOS_FUNCTION void operator()(int i) const {
    const int cell =
        (where.along(all.x(i, 2)) * where.cells + where.along(all.x(i, 1))) * where.cells + where.along(all.x(i, 0));
    const int place = Kokkos::atomic_fetch_add(&counts(cell), 1);
    if (place < static_cast<int>(members.extent(1))) members(cell, place) = i;
  }
};

/// Atoms have come into the cell in any order; from here on the order is theirs.
struct sort_cell {
  lists members;
  integers counts;
  KOKKOS_FUNCTION void operator()(int cell) const {
    const int room = static_cast<int>(members.extent(1));
    const int count = counts(cell) < room ? counts(cell) : room;
    for (int i = 1; i < count; ++i) {
      const int atom = members(cell, i);
      int j = i;
      for (; j > 0 && members(cell, j - 1) > atom; --j) members(cell, j) = members(cell, j - 1);
      members(cell, j) = atom;
    }
  }
};

/// Of positions in the box; without branches, which would be guessed wrong.
KOKKOS_INLINE_FUNCTION double nearest(double d, double box) {
  return d - (d > box / 2 ? box : d < -box / 2 ? -box : 0);
}

struct list_atom {
  atoms all;
  double reach_squared;
  lists listed;
  integers counts;

  KOKKOS_FUNCTION void consider(int i, int j, int& count) const {
    if (i == j) return;
    double r_squared = 0;
    for (int d = 0; d < 3; ++d) {
      const double delta = nearest(all.x(i, d) - all.x(j, d), all.box);
      r_squared += delta * delta;
    }
    if (r_squared >= reach_squared) return;
    if (count < static_cast<int>(listed.extent(1))) listed(i, count) = j;
    ++count;
  }
};

struct list_from_all : list_atom {
  KOKKOS_FUNCTION void operator()(int i) const {
    int count = 0;
    for (int j = 0; j < all.count; ++j) consider(i, j, count);
    counts(i) = count;
  }
};

struct list_from_cells : list_atom {
  cell_of where;
  lists members;
  integers member_counts;
  KOKKOS_FUNCTION void operator()(int i) const {
    int count = 0;
    const int cells = where.cells;
    const int x = where.along(all.x(i, 0));
    const int y = where.along(all.x(i, 1));
    const int z = where.along(all.x(i, 2));
    for (int dz = -1; dz <= 1; ++dz) {
      for (int dy = -1; dy <= 1; ++dy) {
        for (int dx = -1; dx <= 1; ++dx) {
          const int cell =
              ((z + dz + cells) % cells * cells + (y + dy + cells) % cells) * cells + (x + dx + cells) % cells;
          for (int k = 0; k < member_counts(cell); ++k) consider(i, members(cell, k), count);
        }
      }
    }
    counts(i) = count;
  }
};

struct greatest_count {
  integers counts;
  KOKKOS_FUNCTION void operator()(int i, int& most) const {
    if (counts(i) > most) most = counts(i);
  }
};

struct farthest {
  atoms all;
  vectors listed_at;
  KOKKOS_FUNCTION void operator()(int i, double& most) const {
    double squared = 0;
    for (int d = 0; d < 3; ++d) {
      const double delta = all.x(i, d) - listed_at(i, d);
      squared += delta * delta;
    }
    if (!(squared <= most)) most = squared;  // also what is not a number
  }
};

/// How many are expected in a volume, and as many more as chance may add.
int room_for(double expected) { return static_cast<int>(expected + 6 * std::sqrt(expected) + 16); }

}  // namespace

neighbours::neighbours(const space& exec, const atoms& all, double cutoff)
    : m_atoms(all),
      m_reach(cutoff + skin),
      m_cells(static_cast<int>(all.box / m_reach) < 3 ? 0 : std::min(static_cast<int>(all.box / m_reach), 256)) {
  const double density = all.count / (all.box * all.box * all.box);
  m_listed_at = on_scratch<vectors>(exec, all.count);
  m_counts = on_scratch<integers>(exec, all.count);
  m_most = on_scratch<Kokkos::View<int, memory, unmanaged>>(exec);
  m_farthest = on_scratch<Kokkos::View<double, memory, unmanaged>>(exec);
  if (m_cells > 0) m_member_counts = on_scratch<integers>(exec, m_cells * m_cells * m_cells);
  make_room(exec, room_for(4.0 / 3 * pi * m_reach * m_reach * m_reach * density));
}

void neighbours::make_room(const space& exec, int most) {
  m_room = std::min(most, m_atoms.count);
  m_listed = on_scratch<lists>(exec, m_atoms.count, m_room);
}

/// The most neighbours that an atom has, or atoms that a cell has if that is more than there is room for.
int neighbours::fill(const space& exec) {
  const list_atom list{m_atoms, m_reach * m_reach, m_listed, m_counts};
  if (m_cells == 0) {
    Kokkos::parallel_for("argon: list from all pairs", each(exec, m_atoms.count), list_from_all{list});
  } else {
    const int cells = m_cells * m_cells * m_cells;
    const cell_of where{m_cells, m_atoms.box};
    int most = m_cell_room;
    for (;;) {
      if (m_cell_room > 0) {
        Kokkos::deep_copy(exec, m_member_counts, 0);
        Kokkos::parallel_for("argon: put into cells", each(exec, m_atoms.count),
                             put_into_cells{m_atoms, where, m_members, m_member_counts});
        Kokkos::parallel_reduce("argon: fullest cell", each(exec, cells), greatest_count{m_member_counts},
                                Kokkos::Max<int, memory>(m_most));
        most = read(exec, m_most.data());
        if (most <= m_cell_room) break;
      }
      const double edge = m_atoms.box / m_cells;
      const double density = m_atoms.count / (m_atoms.box * m_atoms.box * m_atoms.box);
      m_cell_room = std::max(most + most / 4, room_for(edge * edge * edge * density));
      m_members = on_scratch<lists>(exec, cells, m_cell_room);
    }
    Kokkos::parallel_for("argon: sort cells", each(exec, cells), sort_cell{m_members, m_member_counts});
    Kokkos::parallel_for("argon: list from cells", each(exec, m_atoms.count),
                         list_from_cells{list, where, m_members, m_member_counts});
  }
  Kokkos::parallel_reduce("argon: most neighbours", each(exec, m_atoms.count), greatest_count{m_counts},
                          Kokkos::Max<int, memory>(m_most));
  return read(exec, m_most.data());
}

void neighbours::build(const space& exec) {
  ++m_rebuilds;
  Kokkos::parallel_for("argon: wrap", each(exec, m_atoms.count), wrap{m_atoms, m_listed_at});
  for (int most = fill(exec); most > m_room; most = fill(exec)) make_room(exec, most + most / 4);
}

double neighbours::farthest_move(const space& exec) const {
  Kokkos::parallel_reduce("argon: farthest move", each(exec, m_atoms.count), farthest{m_atoms, m_listed_at},
                          Kokkos::Max<double, memory>(m_farthest));
  const double squared = read(exec, m_farthest.data());
  if (!std::isfinite(squared))
    throw std::runtime_error("argon: the integration broke down (positions are not finite): take a shorter time step");
  return std::sqrt(squared);
}

}  // namespace argon
