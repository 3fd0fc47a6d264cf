// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors
#include "07_imgproc/decode.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <fstream>
#include <ios>
#include <vector>

namespace imgproc {
namespace {

std::vector<unsigned char> read_file(const std::filesystem::path& file) {
  std::error_code error;
  const auto size = std::filesystem::file_size(file, error);
  if (error) throw image_error(fmt::format("cannot be read: {}", error.message()));
  if (size > max_file_bytes) throw image_error(fmt::format("has {} bytes; up to {} are read", size, max_file_bytes));
  std::vector<unsigned char> content(size);
  std::ifstream stream(file, std::ios::binary);
  if (!stream) throw image_error(fmt::format("cannot be read: {}", std::strerror(errno)));
  stream.read(reinterpret_cast<char*>(content.data()), static_cast<std::streamsize>(content.size()));
  content.resize(static_cast<std::size_t>(stream.gcount()));  // it may have become shorter meanwhile
  return content;
}

bool begins_with(std::span<const unsigned char> content, std::span<const unsigned char> signature) {
  return content.size() >= signature.size() && std::equal(signature.begin(), signature.end(), content.begin());
}

}  // namespace

image detail::make_checked(std::size_t width, std::size_t height) {
  if (width == 0 || height == 0) throw image_error(fmt::format("has no pixels: its size is {}x{}", width, height));
  if (width > max_pixels / height)
    throw image_error(fmt::format("is too large: {}x{}; up to {} pixels are read", width, height, max_pixels));
  return make_image(static_cast<int>(width), static_cast<int>(height));
}

image decode(std::span<const unsigned char> content) {
  static constexpr std::array<unsigned char, 3> jpeg{0xff, 0xd8, 0xff};
  static constexpr std::array<unsigned char, 8> png{0x89, 'P', 'N', 'G', '\r', '\n', 0x1a, '\n'};
  if (content.empty()) throw image_error("is empty");
  if (begins_with(content, jpeg)) return detail::decode_jpeg(content);
  if (begins_with(content, png)) return detail::decode_png(content);
  throw image_error("is neither JPEG nor PNG");
}

image read_image(const std::filesystem::path& file) { return decode(read_file(file)); }

}  // namespace imgproc
