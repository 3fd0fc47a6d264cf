// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors
#pragma once

#include <torc/detail/archive.hpp>

#include <array>
#include <cstddef>
#include <string>

/// What Views on their way between nodes need that is the same for all of them; in torc's Kokkos backend.
namespace torc::detail {

/// Where the elements of a View lie.
struct view_shape {
  static constexpr std::size_t max_rank = 8;

  std::size_t rank = 0;
  std::size_t element_bytes = 0;
  bool is_left = false;  ///< elements travel with the first index fastest, else with the last
  bool is_set = false;   ///< there is memory behind it
  std::array<std::size_t, max_rank> extents{};
  std::array<std::size_t, max_rank> strides{};  ///< in elements

  /// Number of elements.
  std::size_t size() const noexcept;
  /// Whether the elements lie one after the other, in the order in which they travel.
  bool is_packed() const noexcept;
  /// Makes it so.
  void pack() noexcept;
};

void write_view_shape(output_archive& out, const view_shape& shape, const std::string& label);

/// Reads what write_view_shape wrote into a shape that has the rank and the size of the elements, and the extents from
/// `rank_dynamic` on, which must be the same. Packs it. Throws serialization_error, also if the elements cannot be what
/// is left, or if Kokkos isn't there to make a View.
void read_view_shape(input_archive& in, view_shape& shape, std::size_t rank_dynamic, std::string& label);

/// Writes the elements, which the host can read, from the first one on.
void write_view_elements(output_archive& out, const view_shape& shape, const void* data);

/// Throws serialization_error if one of the bytes is not a bool's.
void check_bools(const void* bytes, std::size_t count);

}  // namespace torc::detail
