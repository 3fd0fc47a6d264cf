// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors
#include <array>
#include <csetjmp>
#include <cstdio>
// jpeglib.h needs what stands above it.
#include <jpeglib.h>

#include <algorithm>
#include <string_view>

#include "07_imgproc/decode.hpp"

namespace imgproc::detail {
namespace {

struct jpeg_reader {
  jpeg_reader() {
    info.err = jpeg_std_error(&errors);
    info.client_data = this;
  }
  jpeg_reader(const jpeg_reader&) = delete;
  jpeg_reader& operator=(const jpeg_reader&) = delete;
  ~jpeg_reader() { jpeg_destroy_decompress(&info); }

  jpeg_decompress_struct info{};
  jpeg_error_mgr errors{};
  jpeg_progress_mgr progress{};
  std::jmp_buf escape{};
  std::array<char, JMSG_LENGTH_MAX> message{};
};

jpeg_reader& reader_of(j_common_ptr info) { return *static_cast<jpeg_reader*>(info->client_data); }

[[noreturn]] void fail(j_common_ptr info) {
  jpeg_reader& reader = reader_of(info);
  info->err->format_message(info, reader.message.data());
  std::longjmp(reader.escape, 1);
}

/// The library would go on with grey pixels where data are missing; a level below 0 means damage.
void fail_if_damaged(j_common_ptr info, int level) {
  if (level < 0) fail(info);
}

void count_scans(j_common_ptr info) {
  jpeg_reader& reader = reader_of(info);
  if (reader.info.input_scan_number <= max_scans) return;
  constexpr std::string_view text = "Too many scans";
  std::copy(text.begin(), text.end(), reader.message.begin());
  std::longjmp(reader.escape, 1);
}

// The library's functions end by longjmp when they fail, which must not pass over objects with destructors. So these
// two have none, and what is above them sees a bool.

bool read_header(jpeg_reader& reader, const unsigned char* content, std::size_t size_bytes) {
  if (setjmp(reader.escape) != 0) return false;
  jpeg_create_decompress(&reader.info);
  reader.info.progress = &reader.progress;
  jpeg_mem_src(&reader.info, content, static_cast<unsigned long>(size_bytes));
  jpeg_read_header(&reader.info, TRUE);
  return true;
}

bool read_pixels(jpeg_reader& reader, unsigned char* rgb) {
  if (setjmp(reader.escape) != 0) return false;
  reader.info.out_color_space = JCS_RGB;
  jpeg_start_decompress(&reader.info);
  while (reader.info.output_scanline < reader.info.output_height) {
    unsigned char* row = rgb + std::size_t{3} * reader.info.output_width * reader.info.output_scanline;
    jpeg_read_scanlines(&reader.info, &row, 1);
  }
  jpeg_finish_decompress(&reader.info);
  return true;
}

}  // namespace

image decode_jpeg(std::span<const unsigned char> content) {
  jpeg_reader reader;
  reader.errors.error_exit = fail;
  reader.errors.emit_message = fail_if_damaged;
  reader.progress.progress_monitor = count_scans;
  if (!read_header(reader, content.data(), content.size())) throw image_error(reader.message.data());
  image result = make_checked(reader.info.image_width, reader.info.image_height);
  if (!read_pixels(reader, result.rgb.data())) throw image_error(reader.message.data());
  return result;
}

}  // namespace imgproc::detail
