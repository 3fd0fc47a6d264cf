// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors

#include <Kokkos_Core.hpp>
#include <cstdint>
#include <limits>
#include <string>
#include <torc/detail/view_shape.hpp>
#include <torc/error.hpp>

namespace torc::detail {
namespace {

/// The i-th index from the fastest on, in the order in which the elements travel.
std::size_t index_at(const view_shape& shape, std::size_t i) { return shape.is_left ? i : shape.rank - 1 - i; }

/// Writes all elements below the i-th index from the fastest.
void write_below(output_archive& out, const view_shape& shape, const std::byte* first, std::size_t i) {
  if (i == 0) {
    out.write(first, shape.element_bytes);
    return;
  }
  const std::size_t index = index_at(shape, i - 1);
  const std::size_t stride = shape.strides[index];
  if (i == 1 && stride == 1) {
    out.write(first, shape.extents[index] * shape.element_bytes);
    return;
  }
  for (std::size_t at = 0; at < shape.extents[index]; ++at)
    write_below(out, shape, first + at * stride * shape.element_bytes, i - 1);
}

}  // namespace

std::size_t view_shape::size() const noexcept {
  std::size_t product = 1;
  for (std::size_t i = 0; i < rank; ++i) product *= extents[i];
  return product;
}

bool view_shape::is_packed() const noexcept {
  std::size_t expected = 1;
  for (std::size_t i = 0; i < rank; ++i) {
    const std::size_t index = index_at(*this, i);
    if (extents[index] != 1 && strides[index] != expected) return false;
    expected *= extents[index];
  }
  return true;
}

void view_shape::pack() noexcept {
  std::size_t stride = 1;
  for (std::size_t i = 0; i < rank; ++i) {
    const std::size_t index = index_at(*this, i);
    strides[index] = stride;
    stride *= extents[index];
  }
}

void write_view_shape(output_archive& out, const view_shape& shape, const std::string& label) {
  out(shape.is_set);
  if (!shape.is_set) return;
  for (std::size_t i = 0; i < shape.rank; ++i) out(static_cast<std::uint64_t>(shape.extents[i]));
  out(label);
}

void read_view_shape(input_archive& in, view_shape& shape, std::size_t rank_dynamic, std::string& label) {
  in(shape.is_set);
  if (!shape.is_set) return;
  if (!Kokkos::is_initialized())
    throw serialization_error("a Kokkos::View has arrived at a node that has not initialised Kokkos");
  std::uint64_t product = 1;  // of the extents that are not 0: strides are made of them
  bool is_empty = false;
  for (std::size_t i = 0; i < shape.rank; ++i) {
    std::uint64_t extent = 0;
    in(extent);
    if (i >= rank_dynamic && extent != shape.extents[i])
      throw serialization_error("a Kokkos::View has arrived with extent " + std::to_string(extent) +
                                " where its type has " + std::to_string(shape.extents[i]));
    if (extent == 0)
      is_empty = true;
    else if (extent > std::numeric_limits<std::ptrdiff_t>::max() / shape.element_bytes / product)
      throw_impossible_size(extent, in.left());
    else
      product *= extent;
    shape.extents[i] = extent;
  }
  in(label);
  if (!is_empty && product > in.left() / shape.element_bytes) throw_impossible_size(product, in.left());
  shape.pack();
}

void write_view_elements(output_archive& out, const view_shape& shape, const void* data) {
  const auto* const first = static_cast<const std::byte*>(data);
  if (shape.is_packed())
    out.write(first, shape.size() * shape.element_bytes);
  else
    write_below(out, shape, first, shape.rank);
}

void check_bools(const void* bytes, std::size_t count) {
  const auto* const values = static_cast<const unsigned char*>(bytes);
  for (std::size_t i = 0; i < count; ++i)
    if (values[i] > 1) throw_no_bool();
}

}  // namespace torc::detail
