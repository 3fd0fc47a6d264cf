// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors
#include <torc/detail/archive.hpp>

#include <fmt/format.h>

#include <torc/error.hpp>

namespace torc::detail {

void throw_missing_bytes(std::size_t count) {
  throw serialization_error(fmt::format("{} byte{} missing", count, count == 1 ? " is" : "s are"));
}

void throw_impossible_size(std::uint64_t elements, std::size_t bytes_left) {
  throw serialization_error(fmt::format("{} elements cannot be in the {} bytes that are left", elements, bytes_left));
}

void throw_no_bool() { throw serialization_error("a byte that should be a bool is neither 0 nor 1"); }

}  // namespace torc::detail
