// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors
#include <torc/detail/archive.hpp>

#include <fmt/format.h>

#include <torc/error.hpp>

namespace torc::detail {

// Not inline: every type of task would have a copy of how a vector grows.
void output_archive::write(const void* data, std::size_t size_bytes) {
  const auto* const first = static_cast<const std::byte*>(data);
  m_bytes.insert(m_bytes.end(), first, first + size_bytes);
}

void output_archive::truncate(std::size_t size_bytes) { m_bytes.resize(size_bytes); }

void CEREAL_SAVE_FUNCTION_NAME(output_archive& archive, const std::string& text) {
  const std::uint64_t size = text.size();
  archive.write(&size, sizeof size);
  archive.write(text.data(), text.size());
}

void CEREAL_LOAD_FUNCTION_NAME(input_archive& archive, std::string& text) {
  std::uint64_t size = 0;
  archive.read(&size, sizeof size);
  if (size > archive.left()) throw_impossible_size(size, archive.left());
  text.resize(size);
  archive.read(text.data(), size);
}

void throw_missing_bytes(std::size_t count) {
  throw serialization_error(fmt::format("{} byte{} missing", count, count == 1 ? " is" : "s are"));
}

void throw_impossible_size(std::uint64_t elements, std::size_t bytes_left) {
  throw serialization_error(fmt::format("{} elements cannot be in the {} bytes that are left", elements, bytes_left));
}

void throw_no_bool() { throw serialization_error("a byte that should be a bool is neither 0 nor 1"); }

}  // namespace torc::detail
