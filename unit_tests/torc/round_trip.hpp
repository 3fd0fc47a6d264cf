// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors
#pragma once

#include <gtest/gtest.h>

#include <cstddef>
#include <span>
#include <torc/detail/archive.hpp>
#include <torc/detail/containers.hpp>
#include <torc/detail/transferable.hpp>
#include <torc/error.hpp>
#include <vector>

namespace tests {

template <class T>
std::vector<std::byte> written(const T& value) {
  std::vector<std::byte> whole;
  torc::detail::output_archive out(whole);
  out(value);
  return whole;
}

template <class T>
T read(std::span<const std::byte> whole) {
  T value{};
  torc::detail::input_archive in(whole);
  in(value);
  return value;
}

/// What comes back when a value is written and read, with nothing left over. Anything shorter is refused.
template <class T>
T round_trip(const T& value) {
  static_assert(torc::detail::is_for_results(torc::detail::transferable<T>::value));
  const auto whole = written(value);
  for (std::size_t size = 0; size < whole.size(); ++size) {
    // Behind what is there stands nothing that a sanitizer would let be read.
    const std::vector<std::byte> cut(whole.begin(), whole.begin() + static_cast<std::ptrdiff_t>(size));
    EXPECT_THROW(read<T>(cut), torc::serialization_error) << size << " of " << whole.size() << " bytes";
  }
  T copy{};
  torc::detail::input_archive in(whole);
  in(copy);
  EXPECT_EQ(in.left(), 0U);
  return copy;
}

}  // namespace tests
