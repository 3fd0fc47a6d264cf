// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors
#include <png.h>

#include "07_imgproc/decode.hpp"

namespace imgproc::detail {
namespace {

/// The library's simplified interface, which reports failures in the struct instead of by longjmp.
struct png_reader {
  png_reader() { info.version = PNG_IMAGE_VERSION; }
  png_reader(const png_reader&) = delete;
  png_reader& operator=(const png_reader&) = delete;
  ~png_reader() { png_image_free(&info); }

  png_image info{};
};

}  // namespace

image decode_png(std::span<const unsigned char> content) {
  png_reader reader;
  if (png_image_begin_read_from_memory(&reader.info, content.data(), content.size()) == 0)
    throw image_error(reader.info.message);
  image result = make_checked(reader.info.width, reader.info.height);
  reader.info.format = PNG_FORMAT_RGB;
  const png_color white{255, 255, 255};  // what shows through where the image is transparent
  const png_int_32 default_stride = 0;
  if (png_image_finish_read(&reader.info, &white, result.rgb.data(), default_stride, nullptr) == 0)
    throw image_error(reader.info.message);
  return result;
}

}  // namespace imgproc::detail
