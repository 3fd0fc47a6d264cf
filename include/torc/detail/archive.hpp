// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors
#pragma once

#include <cereal/cereal.hpp>

#include <cstddef>
#include <cstring>
#include <stdexcept>
#include <vector>

namespace torc::detail {

/// Appends what it is given to contiguous bytes, in this machine's representation.
class output_archive : public cereal::OutputArchive<output_archive, cereal::AllowEmptyClassElision> {
 public:
  explicit output_archive(std::vector<std::byte>& bytes)
      : cereal::OutputArchive<output_archive, cereal::AllowEmptyClassElision>(this), m_bytes(bytes) {}
  void write(const void* data, std::size_t size_bytes) {
    const auto* first = static_cast<const std::byte*>(data);
    m_bytes.insert(m_bytes.end(), first, first + size_bytes);
  }

 private:
  std::vector<std::byte>& m_bytes;
};

template <class T>
requires std::is_arithmetic_v<T>
void CEREAL_SAVE_FUNCTION_NAME(output_archive& archive, const T& value) { archive.write(&value, sizeof value); }
template <class T>
void CEREAL_SERIALIZE_FUNCTION_NAME(output_archive& archive, cereal::NameValuePair<T>& pair) {
  archive(pair.value);
}
template <class T>
void CEREAL_SERIALIZE_FUNCTION_NAME(output_archive& archive, cereal::SizeTag<T>& tag) {
  archive(tag.size);
}
template <class T>
void CEREAL_SAVE_FUNCTION_NAME(output_archive& archive, const cereal::BinaryData<T>& data) {
  archive.write(data.data, static_cast<std::size_t>(data.size));
}

}  // namespace torc::detail
