// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors
#include "argon/cells.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

namespace argon {
namespace {

struct cell_of_atom {
  atoms all;
  cells::view in;
  KOKKOS_FUNCTION int cell(int i) const {
    return in.box.index(in.along(all.x(i, 0)), in.along(all.x(i, 1)), in.along(all.x(i, 2)));
  }
};

struct wrap_and_count : cell_of_atom {
  KOKKOS_FUNCTION void operator()(int i) const {
    for (int d = 0; d < 3; ++d) all.x(i, d) -= all.box * std::floor(all.x(i, d) / all.box);
    Kokkos::atomic_fetch_add(&in.box.first(cell(i)), 1);
  }
};

/// Of the counts of the cells, their first atoms.
struct add_up {
  integers first;
  integers next;
  KOKKOS_FUNCTION void operator()(int cell, int& sum, bool is_final) const {
    const int count = first(cell);
    if (is_final) first(cell) = next(cell) = sum;
    sum += count;
  }
};

struct put_into_cells : cell_of_atom {
  integers next;
  integers order;
  KOKKOS_FUNCTION void operator()(int i) const { order(Kokkos::atomic_fetch_add(&next(cell(i)), 1)) = i; }
};

/// Atoms have come into the cell in any order.
struct sort_cell {
  integers first;
  integers order;
  integers id;
  KOKKOS_FUNCTION void operator()(int cell) const {
    const int begin = first(cell);
    for (int i = begin + 1; i < first(cell + 1); ++i) {
      const int atom = order(i);
      int j = i;
      for (; j > begin && id(order(j - 1)) > id(atom); --j) order(j) = order(j - 1);
      order(j) = atom;
    }
  }
};

struct take_in_order {
  atoms from;
  atoms to;
  integers order;
  KOKKOS_FUNCTION void operator()(int i) const {
    const int atom = order(i);
    for (int d = 0; d < 3; ++d) {
      to.x(i, d) = from.x(atom, d);
      to.v(i, d) = from.v(atom, d);
      to.f(i, d) = from.f(atom, d);
    }
    to.id(i) = from.id(atom);
  }
};

/// Where a cell of atoms or images has its atoms, and how far away they are.
struct source {
  int cell;
  double shift[3];
};
KOKKOS_INLINE_FUNCTION source source_of(const cells::view& in, double box, int cell) {
  int place[3] = {cell % in.all.side, cell / in.all.side % in.all.side, cell / in.all.side / in.all.side};
  double shift[3] = {};
  for (int d = 0; d < 3; ++d) {
    place[d] -= in.margin;
    for (; place[d] < 0; place[d] += in.box.side) shift[d] -= box;
    for (; place[d] >= in.box.side; place[d] -= in.box.side) shift[d] += box;
  }
  return {in.box.index(place[0], place[1], place[2]), {shift[0], shift[1], shift[2]}};
}

struct add_up_images {
  cells::view in;
  KOKKOS_FUNCTION void operator()(int cell, int& sum, bool is_final) const {
    if (is_final) in.all.first(cell) = sum;
    if (cell == in.all.side * in.all.side * in.all.side) return;
    const int from = source_of(in, 0, cell).cell;
    sum += in.box.first(from + 1) - in.box.first(from);
  }
};

struct show_cell {
  atoms all;
  cells::view in;
  KOKKOS_FUNCTION void operator()(int cell) const {
    if (cell == 0) {
      for (int d = 0; d < 3; ++d) in.x(in.nowhere(), d) = 1e100;
    }
    const source from = source_of(in, all.box, cell);
    const int begin = in.box.first(from.cell);
    const int count = in.box.first(from.cell + 1) - begin;
    const int to = in.all.first(cell);
    for (int d = 0; d < 3; ++d) {
      for (int i = 0; i < count; ++i) in.x(to + i, d) = all.x(begin + i, d) + from.shift[d];
    }
  }
};

}  // namespace

cells::cells(const space& exec, const atoms& all, double reach) : m_sorted(make_copy(exec, all)) {
  // Half as wide as the reach, but not many more than there are atoms.
  const int side = std::max(1, static_cast<int>(std::min(2 * all.box / reach, std::cbrt(all.count))));
  m_view.box.side = side;
  m_view.edge = all.box / side;
  m_view.margin = static_cast<int>(std::ceil(reach / m_view.edge));
  m_view.all.side = side + 2 * m_view.margin;
  m_view.box.first = on_scratch<integers>(exec, m_view.box.count() + 1);
  m_view.all.first = on_scratch<integers>(exec, m_view.all.count() + 1);
  m_next = on_scratch<integers>(exec, m_view.box.count() + 1);
  m_order = on_scratch<integers>(exec, all.count);
}

void cells::sort(const space& exec, atoms& all) {
  const int count = m_view.box.count();
  const cell_of_atom where{all, m_view};
  const integers& first = m_view.box.first;
  Kokkos::deep_copy(exec, first, 0);
  Kokkos::parallel_for("argon: count in cells", each(exec, all.count), wrap_and_count{where});
  Kokkos::parallel_scan("argon: first of cells", each(exec, count + 1), add_up{first, m_next});
  Kokkos::parallel_for("argon: put into cells", each(exec, all.count), put_into_cells{where, m_next, m_order});
  Kokkos::parallel_for("argon: sort cells", each(exec, count), sort_cell{first, m_order, all.id});
  Kokkos::parallel_for("argon: take in order", each(exec, all.count), take_in_order{all, m_sorted, m_order});
  std::swap(all, m_sorted);

  Kokkos::parallel_scan("argon: first of images", each(exec, m_view.all.count() + 1), add_up_images{m_view});
  const int images = read(exec, m_view.all.first.data() + m_view.all.count());
  if (images >= static_cast<int>(m_view.x.extent(0))) m_view.x = on_scratch<vectors>(exec, images + images / 8 + 1);
  show(exec, all);
}

void cells::show(const space& exec, const atoms& all) const {
  Kokkos::parallel_for("argon: show", each(exec, m_view.all.count()), show_cell{all, m_view});
}

}  // namespace argon
