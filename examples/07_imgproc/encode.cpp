// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors
#include "07_imgproc/encode.hpp"

#include <png.h>

#include <cstdio>
#include <cstdlib>
#include <stdexcept>
// jpeglib.h needs what stands above it.
#include <jpeglib.h>

namespace imgproc {

std::vector<unsigned char> encode_jpeg(const image& source, int quality, bool is_progressive) {
  jpeg_compress_struct info{};
  jpeg_error_mgr errors{};  // its own: a failure, which only lack of memory can be, ends the program
  info.err = jpeg_std_error(&errors);
  jpeg_create_compress(&info);
  unsigned char* buffer = nullptr;
  unsigned long size_bytes = 0;
  jpeg_mem_dest(&info, &buffer, &size_bytes);
  info.image_width = static_cast<JDIMENSION>(source.width);
  info.image_height = static_cast<JDIMENSION>(source.height);
  info.input_components = 3;
  info.in_color_space = JCS_RGB;
  jpeg_set_defaults(&info);
  jpeg_set_quality(&info, quality, TRUE);
  if (is_progressive) jpeg_simple_progression(&info);
  jpeg_start_compress(&info, TRUE);
  while (info.next_scanline < info.image_height) {
    auto* row = const_cast<unsigned char*>(&source.rgb[std::size_t{3} * info.image_width * info.next_scanline]);
    jpeg_write_scanlines(&info, &row, 1);
  }
  jpeg_finish_compress(&info);
  jpeg_destroy_compress(&info);
  std::vector<unsigned char> content(buffer, buffer + size_bytes);
  std::free(buffer);
  return content;
}

std::vector<unsigned char> encode_png(const image& source) {
  png_image info{};
  info.version = PNG_IMAGE_VERSION;
  info.width = static_cast<png_uint_32>(source.width);
  info.height = static_cast<png_uint_32>(source.height);
  info.format = PNG_FORMAT_RGB;
  png_alloc_size_t size_bytes = PNG_IMAGE_PNG_SIZE_MAX(info);
  std::vector<unsigned char> content(size_bytes);
  if (png_image_write_to_memory(&info, content.data(), &size_bytes, 0, source.rgb.data(), 0, nullptr) == 0)
    throw std::runtime_error(info.message);
  content.resize(size_bytes);
  return content;
}

image make_gradient(int width, int height) {
  image result = make_image(width, height);
  auto* byte = result.rgb.data();
  for (int y = 0; y < height; ++y) {
    for (int x = 0; x < width; ++x) {
      *byte++ = static_cast<unsigned char>(255 * x / width);
      *byte++ = static_cast<unsigned char>(255 * y / height);
      *byte++ = static_cast<unsigned char>(255 * (x + y) / (width + height));
    }
  }
  return result;
}

image make_plain(int width, int height, std::array<unsigned char, 3> colour) {
  image result = make_image(width, height);
  for (std::size_t i = 0; i < result.rgb.size(); ++i) result.rgb[i] = colour[i % 3];
  return result;
}

}  // namespace imgproc
