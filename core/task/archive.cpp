// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors
#include <torc/detail/archive.hpp>

#include <fmt/format.h>

#include <cstring>
#include <torc/error.hpp>

#include "core/base/count_of.hpp"
#include "core/base/demangle.hpp"

namespace torc::detail {

// Not inline: every type of task would have a copy of how a vector grows.
void output_archive::write(const void* data, std::size_t size_bytes) {
  const auto* const first = static_cast<const std::byte*>(data);
  m_bytes.insert(m_bytes.end(), first, first + size_bytes);
}

void output_archive::truncate(std::size_t size_bytes) { m_bytes.resize(size_bytes); }

std::size_t output_archive::begin_value() {
  const std::size_t begun = m_bytes.size();
  m_bytes.resize(begun + sizeof(std::uint64_t));
  return begun;
}

void output_archive::end_value(std::size_t begun) {
  const std::uint64_t size = m_bytes.size() - begun - sizeof(std::uint64_t);
  std::memcpy(m_bytes.data() + begun, &size, sizeof size);
}

std::size_t input_archive::begin_value(const std::type_info& type) {
  m_value = &type;
  std::uint64_t size = 0;
  read(&size, sizeof size);
  if (size > m_bytes.size()) throw_missing_bytes(size - m_bytes.size(), m_value);
  const std::size_t bytes_behind = m_bytes.size() - size;
  m_bytes = m_bytes.first(size);
  return bytes_behind;
}

void input_archive::end_value(std::size_t bytes_behind) {
  if (!m_bytes.empty()) throw_bytes_left(m_bytes.size(), *m_value);
  m_bytes = {m_bytes.data(), bytes_behind};
  m_value = nullptr;
}

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

void throw_missing_bytes(std::size_t count, const std::type_info* value) {
  throw serialization_error(
      fmt::format("{} missing{}", base::count_of(count, "byte is", "bytes are"),
                  value != nullptr ? fmt::format(" in a value of type '{}'", base::demangle(value->name())) : ""));
}

void throw_bytes_left(std::size_t count, const std::type_info& value) {
  throw serialization_error(
      fmt::format("{} left over of a value of type '{}': what reads it does not read all that was written",
                  base::count_of(count, "byte is", "bytes are"), base::demangle(value.name())));
}

void throw_impossible_size(std::uint64_t elements, std::size_t bytes_left) {
  throw serialization_error(fmt::format("{} elements cannot be in the {} bytes that are left", elements, bytes_left));
}

void throw_no_bool() { throw serialization_error("a byte that should be a bool is neither 0 nor 1"); }

}  // namespace torc::detail
