// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors
#pragma once

#include <cstddef>
#include <filesystem>
#include <span>
#include <stdexcept>

#include "07_imgproc/image.hpp"

namespace imgproc {

/// Why a file gives no image.
class image_error : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

/// What is larger is refused: a few bytes can claim to be an image of any size.
inline constexpr std::size_t max_file_bytes = std::size_t{1} << 28;
inline constexpr std::size_t max_pixels = std::size_t{1} << 26;
/// Scans of a progressive JPEG, each of which costs a pass over the image.
inline constexpr int max_scans = 500;

/// Reads a JPEG or PNG, whichever its first bytes say. Throws image_error for a file that cannot be read, is neither,
/// is too large, or is damaged in any way.
image read_image(const std::filesystem::path& file);

/// The same from the content of a file.
image decode(std::span<const unsigned char> content);

namespace detail {

image decode_jpeg(std::span<const unsigned char> content);
image decode_png(std::span<const unsigned char> content);

/// A black image, unless it would have too many pixels.
image make_checked(std::size_t width, std::size_t height);

}  // namespace detail
}  // namespace imgproc
