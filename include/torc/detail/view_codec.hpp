// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors
#pragma once

#include <torc/detail/archive.hpp>
#include <torc/detail/codec.hpp>
#include <torc/detail/transferable.hpp>
#include <torc/detail/view_shape.hpp>
#include <torc/detail/view_transfer.hpp>

#include <Kokkos_Core.hpp>

#include <cstddef>
#include <string>
#include <type_traits>
#include <vector>

template <class T>
inline constexpr bool torc::is_bitwise<Kokkos::complex<T>> = std::is_trivially_copyable_v<Kokkos::complex<T>>;

/// How Kokkos::Views travel: extents, label and elements; what arrives is a View of its own, without padding. On the
/// host without any dispatch, because old releases let only one thread dispatch.
namespace torc::detail {

template <class View>
inline constexpr bool has_plain_elements =
    flat<typename View::non_const_value_type> || std::is_same_v<typename View::non_const_value_type, bool>;

template <class View>
inline constexpr bool has_known_layout = std::is_same_v<typename View::array_layout, Kokkos::LayoutLeft> ||
                                         std::is_same_v<typename View::array_layout, Kokkos::LayoutRight> ||
                                         std::is_same_v<typename View::array_layout, Kokkos::LayoutStride>;

template <class View>
constexpr obstacle obstacle_of_view() {
  if constexpr (View::memory_traits::is_unmanaged) {
    return obstacle::unmanaged_view;
  } else if constexpr (!has_plain_elements<View>) {
    return obstacle::elements_of_view;
  } else if constexpr (!has_known_layout<View>) {
    return obstacle::layout_of_view;
  } else if constexpr (!std::is_const_v<typename View::value_type>) {
    return obstacle::mutable_view;
  } else {
    return obstacle::none;
  }
}

template <class D, class... P>
struct transferable<Kokkos::View<D, P...>> {
  static constexpr obstacle value = obstacle_of_view<Kokkos::View<D, P...>>();
};

/// Of the same shape, but free to be written and without padding.
template <class View>
using arriving_view =
    Kokkos::View<typename View::non_const_data_type, typename View::array_layout, typename View::device_type>;

template <class View>
inline constexpr bool is_for_host =
    Kokkos::SpaceAccessibility<Kokkos::DefaultHostExecutionSpace, typename View::memory_space>::accessible;

template <class View>
view_shape shape_of(const View& view) {
  static_assert(has_plain_elements<View>,
                "torc: the elements of a Kokkos::View that travels must be arithmetic, enums, complex numbers or of a "
                "class with torc::is_bitwise");
  static_assert(has_known_layout<View>,
                "torc: a Kokkos::View that travels has LayoutLeft, LayoutRight or LayoutStride");
  view_shape shape;
  shape.rank = static_cast<std::size_t>(View::rank);
  shape.element_bytes = sizeof(typename View::non_const_value_type);
  shape.is_left = std::is_same_v<typename View::array_layout, Kokkos::LayoutLeft>;
  shape.is_set = view.data() != nullptr;
  for (std::size_t i = 0; i < shape.rank; ++i) {
    shape.extents[i] = view.extent(i);
    shape.strides[i] = static_cast<std::size_t>(view.stride(i));
  }
  return shape;
}

template <class Layout>
Layout layout_of(const view_shape& shape) {
  Layout layout;
  for (std::size_t i = 0; i < shape.rank; ++i) {
    layout.dimension[i] = shape.extents[i];
    if constexpr (std::is_same_v<Layout, Kokkos::LayoutStride>) layout.stride[i] = shape.strides[i];
  }
  return layout;
}

/// Memory as bytes, so that one copy does for all types of Views in it.
template <class Memory, class Byte>
using bytes_of = Kokkos::View<Byte*, Memory, Kokkos::MemoryTraits<Kokkos::Unmanaged>>;

/// Elements that only the device can read.
template <class View>
void write_device_elements(output_archive& out, view_shape shape, const View& view) {
  using memory = typename View::memory_space;
  using space = typename View::execution_space;
  const view_transfer turn(space::name());
  const auto& instance = *static_cast<const space*>(turn.instance());
  std::vector<std::byte> bytes(shape.size() * shape.element_bytes);
  const auto fetch = [&](const void* data) {
    Kokkos::deep_copy(instance, bytes_of<Kokkos::HostSpace, std::byte>(bytes.data(), bytes.size()),
                      bytes_of<memory, const std::byte>(static_cast<const std::byte*>(data), bytes.size()));
    instance.fence();
  };
  if (shape.is_packed()) {
    fetch(view.data());
  } else {
    shape.pack();
    const arriving_view<View> packed(Kokkos::view_alloc(instance, std::string("torc"), Kokkos::WithoutInitializing),
                                     layout_of<typename View::array_layout>(shape));
    Kokkos::deep_copy(instance, packed, view);
    fetch(packed.data());
  }
  out.write(bytes.data(), bytes.size());
}

template <class View>
View read_device_elements(input_archive& in, const view_shape& shape, const std::string& label) {
  using memory = typename View::memory_space;
  using space = typename View::execution_space;
  std::vector<std::byte> bytes(shape.size() * shape.element_bytes);
  in.read(bytes.data(), bytes.size());
  if constexpr (std::is_same_v<typename View::non_const_value_type, bool>) check_bools(bytes.data(), bytes.size());
  const view_transfer turn(space::name());
  const auto& instance = *static_cast<const space*>(turn.instance());
  const arriving_view<View> made(Kokkos::view_alloc(instance, label, Kokkos::WithoutInitializing),
                                 layout_of<typename View::array_layout>(shape));
  Kokkos::deep_copy(instance, bytes_of<memory, std::byte>(reinterpret_cast<std::byte*>(made.data()), bytes.size()),
                    bytes_of<Kokkos::HostSpace, const std::byte>(bytes.data(), bytes.size()));
  instance.fence();
  return made;
}

template <class View>
View read_host_elements(input_archive& in, const view_shape& shape, const std::string& label) {
  const arriving_view<View> made(Kokkos::view_alloc(label, Kokkos::WithoutInitializing),
                                 layout_of<typename View::array_layout>(shape));
  const std::size_t size_bytes = shape.size() * shape.element_bytes;
  in.read(static_cast<void*>(made.data()), size_bytes);
  if constexpr (std::is_same_v<typename View::non_const_value_type, bool>) check_bools(made.data(), size_bytes);
  return made;
}

template <class D, class... P>
void CEREAL_SAVE_FUNCTION_NAME(output_archive& out, const Kokkos::View<D, P...>& view) {
  using view_type = Kokkos::View<D, P...>;
  const view_shape shape = shape_of(view);
  write_view_shape(out, shape, view.label());
  if (!shape.is_set || shape.size() == 0) return;
  if constexpr (is_for_host<view_type>) {
    write_view_elements(out, shape, view.data());
  } else {
    write_device_elements(out, shape, view);
  }
}

template <class D, class... P>
void CEREAL_LOAD_FUNCTION_NAME(input_archive& in, Kokkos::View<D, P...>& view) {
  using view_type = Kokkos::View<D, P...>;
  static_assert(!view_type::memory_traits::is_unmanaged,
                "torc: an unmanaged Kokkos::View cannot own the elements that arrive on another node");
  view_shape shape = shape_of(view_type());
  std::string label;
  read_view_shape(in, shape, static_cast<std::size_t>(view_type::rank_dynamic), label);
  if (!shape.is_set) {
    view = view_type();
  } else if constexpr (is_for_host<view_type>) {
    view = read_host_elements<view_type>(in, shape, label);
  } else {
    view = read_device_elements<view_type>(in, shape, label);
  }
}

}  // namespace torc::detail
