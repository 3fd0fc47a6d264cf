// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors
#pragma once

#include <torc/bitwise.hpp>

#include <cereal/cereal.hpp>
#include <cereal/types/common.hpp>

#include <array>
#include <bit>
#include <complex>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>
#include <string>
#include <type_traits>
#include <typeinfo>
#include <vector>

/// The bytes of values: in this machine's representation, one after the other, without names or types.
namespace torc::detail {

/// Appends what it is given to contiguous bytes.
class output_archive : public cereal::OutputArchive<output_archive, cereal::AllowEmptyClassElision> {
 public:
  explicit output_archive(std::vector<std::byte>& bytes)
      : cereal::OutputArchive<output_archive, cereal::AllowEmptyClassElision>(this), m_bytes(bytes) {}
  void write(const void* data, std::size_t size_bytes);
  std::size_t size_bytes() const noexcept { return m_bytes.size(); }
  /// Takes back what was written last.
  void truncate(std::size_t size_bytes);
  /// Puts the size of what is written until end_value before it, so that its reader can be held to it. For end_value.
  std::size_t begin_value();
  void end_value(std::size_t begun);

 private:
  std::vector<std::byte>& m_bytes;
};

/// `value` is the type of the value that is being read; null for none.
[[noreturn]] void throw_missing_bytes(std::size_t count, const std::type_info* value);
[[noreturn]] void throw_bytes_left(std::size_t count, const std::type_info& value);
[[noreturn]] void throw_impossible_size(std::uint64_t elements, std::size_t bytes_left);
[[noreturn]] void throw_no_bool();

/// Reads contiguous bytes, which must outlive it, and never past their end: what is missing is a serialization_error.
class input_archive : public cereal::InputArchive<input_archive, cereal::AllowEmptyClassElision> {
 public:
  explicit input_archive(std::span<const std::byte> bytes)
      : cereal::InputArchive<input_archive, cereal::AllowEmptyClassElision>(this), m_bytes(bytes) {}
  void read(void* data, std::size_t size_bytes) {
    if (size_bytes > m_bytes.size()) throw_missing_bytes(size_bytes - m_bytes.size(), m_value);
    if (size_bytes != 0) std::memcpy(data, m_bytes.data(), size_bytes);
    m_bytes = m_bytes.subspan(size_bytes);
  }
  /// Bytes not read yet.
  std::size_t left() const noexcept { return m_bytes.size(); }
  /// Reads the size that output_archive::begin_value has put before a value, and nothing behind that value until
  /// end_value, which takes what this returns.
  std::size_t begin_value(const std::type_info& type);
  /// Throws serialization_error, naming the type, if bytes of the value are left.
  void end_value(std::size_t bytes_behind);

 private:
  std::span<const std::byte> m_bytes;
  const std::type_info* m_value = nullptr;  ///< type of the value that is being read
};

}  // namespace torc::detail

CEREAL_SETUP_ARCHIVE_TRAITS(torc::detail::input_archive, torc::detail::output_archive)

namespace torc::detail {

template <class T>
concept bitwise_class = (std::is_class_v<T> || std::is_union_v<T>)&&is_bitwise<T>;

template <class T>
inline constexpr bool is_complex = false;
template <class T>
requires std::is_floating_point_v<T>
inline constexpr bool is_complex<std::complex<T>> = true;

/// Any bytes of its size are a value, so that many of them are read and written at once.
template <class T>
concept flat =
    (std::is_arithmetic_v<T> && !std::is_same_v<T, bool>) || std::is_enum_v<T> || is_complex<T> || bitwise_class<T>;

/// Sizes up to this are believed before their elements are seen: so many elements without bytes are no burden.
inline constexpr std::uint64_t believed_elements = std::uint64_t{1} << 20;

template <class T>
requires std::is_arithmetic_v<T>
void CEREAL_SAVE_FUNCTION_NAME(output_archive& archive, const T& value) { archive.write(&value, sizeof value); }
template <class T>
requires std::is_arithmetic_v<T>
void CEREAL_LOAD_FUNCTION_NAME(input_archive& archive, T& value) {
  if constexpr (std::is_same_v<T, bool>) {
    unsigned char byte = 0;
    archive.read(&byte, sizeof byte);
    if (byte > 1) throw_no_bool();
    value = byte != 0;
  } else {
    archive.read(&value, sizeof value);
  }
}

template <class T>
void CEREAL_SERIALIZE_FUNCTION_NAME(output_archive& archive, cereal::NameValuePair<T>& pair) {
  archive(pair.value);
}
template <class T>
void CEREAL_SERIALIZE_FUNCTION_NAME(input_archive& archive, cereal::NameValuePair<T>& pair) {
  archive(pair.value);
}

template <class T>
void CEREAL_SERIALIZE_FUNCTION_NAME(output_archive& archive, cereal::SizeTag<T>& tag) {
  archive(tag.size);
}
template <class T>
void CEREAL_SERIALIZE_FUNCTION_NAME(input_archive& archive, cereal::SizeTag<T>& tag) {
  archive(tag.size);
  if (tag.size > archive.left() && tag.size > believed_elements) throw_impossible_size(tag.size, archive.left());
}

template <class T>
void CEREAL_SAVE_FUNCTION_NAME(output_archive& archive, const cereal::BinaryData<T>& data) {
  archive.write(data.data, static_cast<std::size_t>(data.size));
}
template <class T>
void CEREAL_LOAD_FUNCTION_NAME(input_archive& archive, cereal::BinaryData<T>& data) {
  using element = std::remove_all_extents_t<std::remove_pointer_t<std::remove_reference_t<T>>>;
  if constexpr (std::is_same_v<element, bool>) {
    bool* const values = static_cast<bool*>(data.data);
    for (std::size_t i = 0; i < data.size; ++i) CEREAL_LOAD_FUNCTION_NAME(archive, values[i]);
  } else {
    archive.read(data.data, static_cast<std::size_t>(data.size));
  }
}

template <bitwise_class T>
void CEREAL_SAVE_FUNCTION_NAME(output_archive& archive, const T& value) {
  static_assert(std::is_trivially_copyable_v<T>, "torc::is_bitwise<T> needs a trivially copyable T");
  archive.write(&value, sizeof value);
}
template <bitwise_class T>
void CEREAL_LOAD_FUNCTION_NAME(input_archive& archive, T& value) {
  static_assert(std::is_trivially_copyable_v<T>, "torc::is_bitwise<T> needs a trivially copyable T");
  archive.read(static_cast<void*>(&value), sizeof value);
}

// Strings are in most programs: not inline, so that they are compiled once.
void CEREAL_SAVE_FUNCTION_NAME(output_archive& archive, const std::string& text);
void CEREAL_LOAD_FUNCTION_NAME(input_archive& archive, std::string& text);

// What cereal would take element by element. More specialised than its functions, and so preferred to them.
template <flat T, class A>
void CEREAL_SAVE_FUNCTION_NAME(output_archive& archive, const std::vector<T, A>& values) {
  const std::uint64_t size = values.size();
  archive.write(&size, sizeof size);
  archive.write(values.data(), values.size() * sizeof(T));
}
template <flat T, class A>
void CEREAL_LOAD_FUNCTION_NAME(input_archive& archive, std::vector<T, A>& values) {
  std::uint64_t size = 0;
  archive.read(&size, sizeof size);
  if (size > archive.left() / sizeof(T)) throw_impossible_size(size, archive.left());
  if constexpr (std::is_default_constructible_v<T>) {
    values.resize(size);
  } else {
    values.resize(size, std::bit_cast<T>(std::array<std::byte, sizeof(T)>{}));
  }
  archive.read(static_cast<void*>(values.data()), size * sizeof(T));
}
template <class T, std::size_t N>
requires(flat<T> || N == 0) void CEREAL_SAVE_FUNCTION_NAME(output_archive& archive, const std::array<T, N>& values) {
  if constexpr (N != 0) archive.write(values.data(), N * sizeof(T));
}
template <class T, std::size_t N>
requires(flat<T> || N == 0) void CEREAL_LOAD_FUNCTION_NAME(input_archive& archive, std::array<T, N>& values) {
  if constexpr (N != 0) archive.read(static_cast<void*>(values.data()), N * sizeof(T));
}

}  // namespace torc::detail

// A bitwise class may have a serialize too, for other archives.
template <torc::detail::bitwise_class T>
struct cereal::specialize<torc::detail::output_archive, T, cereal::specialization::non_member_load_save>
    : std::true_type {};
template <torc::detail::bitwise_class T>
struct cereal::specialize<torc::detail::input_archive, T, cereal::specialization::non_member_load_save>
    : std::true_type {};
