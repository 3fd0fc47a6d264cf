// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors
#include "07_imgproc/decode.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <optional>
#include <random>
#include <span>
#include <string>
#include <vector>

#include "07_imgproc/encode.hpp"

namespace {

using imgproc::decode;
using imgproc::image;
using imgproc::image_error;
using testing::HasSubstr;
using bytes = std::vector<unsigned char>;

std::string refusal_of(std::span<const unsigned char> content) {
  try {
    decode(content);
  } catch (const image_error& e) {
    return e.what();
  }
  return "none";
}

/// The image, or nothing if it was refused; any other end is a failure of the test.
std::optional<image> try_decode(std::span<const unsigned char> content) {
  try {
    return decode(content);
  } catch (const image_error& e) {
    EXPECT_STRNE(e.what(), "");
    return std::nullopt;
  }
}

int largest_difference(const image& a, const image& b) {
  EXPECT_EQ(a.width, b.width);
  EXPECT_EQ(a.height, b.height);
  int largest = 0;
  for (std::size_t i = 0; i < a.rgb.size(); ++i) largest = std::max(largest, std::abs(a.rgb[i] - b.rgb[i]));
  return largest;
}

void put_big_endian(bytes& content, std::size_t at, std::uint32_t value, int size_bytes) {
  for (int i = 0; i < size_bytes; ++i)
    content[at + static_cast<std::size_t>(i)] = static_cast<unsigned char>(value >> (8 * (size_bytes - 1 - i)));
}

/// The check sum of a PNG's chunk.
std::uint32_t crc32(std::span<const unsigned char> content) {
  std::uint32_t crc = 0xffffffffU;
  for (const unsigned char byte : content) {
    crc ^= byte;
    for (int bit = 0; bit < 8; ++bit) crc = (crc >> 1) ^ ((crc & 1) != 0 ? 0xedb88320U : 0);
  }
  return ~crc;
}

bytes png_that_claims(std::uint32_t width, std::uint32_t height) {
  bytes content = imgproc::encode_png(imgproc::make_gradient(8, 8));
  put_big_endian(content, 16, width, 4);
  put_big_endian(content, 20, height, 4);
  put_big_endian(content, 29, crc32(std::span(content).subspan(12, 17)), 4);
  return content;
}

/// Where the first segment with this marker begins.
std::size_t find_marker(const bytes& jpeg, unsigned char marker) {
  for (std::size_t i = 0; i + 1 < jpeg.size(); ++i)
    if (jpeg[i] == 0xff && jpeg[i + 1] == marker) return i;
  ADD_FAILURE() << "no such marker";
  return 0;
}

bytes jpeg_that_claims(std::uint32_t width, std::uint32_t height) {
  bytes content = imgproc::encode_jpeg(imgproc::make_gradient(8, 8), 90);
  const std::size_t frame = find_marker(content, 0xc0);
  put_big_endian(content, frame + 5, height, 2);
  put_big_endian(content, frame + 7, width, 2);
  return content;
}

TEST(decode, gives_back_the_pixels_of_a_png) {
  for (const auto& [width, height] : {std::pair{1, 1}, {7, 3}, {64, 48}}) {
    const image source = imgproc::make_gradient(width, height);
    EXPECT_EQ(decode(imgproc::encode_png(source)), source);
  }
}

TEST(decode, gives_back_nearly_the_pixels_of_a_jpeg) {
  const image source = imgproc::make_gradient(64, 48);
  EXPECT_LE(largest_difference(decode(imgproc::encode_jpeg(source, 98)), source), 8);
  EXPECT_LE(largest_difference(decode(imgproc::encode_jpeg(source, 98, true)), source), 8) << "progressive";
}

TEST(decode, refuses_what_is_no_image) {
  EXPECT_EQ(refusal_of({}), "is empty");
  EXPECT_EQ(refusal_of(bytes{'G', 'I', 'F', '8'}), "is neither JPEG nor PNG");
  EXPECT_EQ(refusal_of(bytes{0xff}), "is neither JPEG nor PNG");
  EXPECT_NE(refusal_of(bytes{0xff, 0xd8, 0xff}), "none");
  EXPECT_NE(refusal_of(bytes{0x89, 'P', 'N', 'G', '\r', '\n', 0x1a, '\n'}), "none");
}

TEST(decode, refuses_every_truncated_jpeg) {
  for (const bool is_progressive : {false, true}) {
    const bytes content = imgproc::encode_jpeg(imgproc::make_gradient(40, 24), 90, is_progressive);
    for (std::size_t size = 0; size < content.size(); ++size)
      EXPECT_FALSE(try_decode(std::span(content).first(size))) << size << " of " << content.size() << " bytes";
  }
}

TEST(decode, refuses_every_png_truncated_before_the_end_of_its_pixels) {
  const image source = imgproc::make_gradient(40, 24);
  const bytes content = imgproc::encode_png(source);
  for (std::size_t size = 0; size < content.size(); ++size) {
    const auto found = try_decode(std::span(content).first(size));
    if (found) {
      EXPECT_EQ(*found, source);
      EXPECT_GE(size + 32, content.size());
    }
  }
}

TEST(decode, refuses_more_pixels_than_the_limit_before_it_has_memory_for_them) {
  EXPECT_THAT(refusal_of(png_that_claims(1000000, 1000000)), HasSubstr("too large: 1000000x1000000"));
  EXPECT_THAT(refusal_of(png_that_claims(8192, 8193)), HasSubstr("too large: 8192x8193"));
  EXPECT_THAT(refusal_of(jpeg_that_claims(65500, 65500)), HasSubstr("too large: 65500x65500"));
  EXPECT_NE(refusal_of(png_that_claims(0, 8)), "none");
  EXPECT_NE(refusal_of(jpeg_that_claims(0, 8)), "none");
  EXPECT_NE(refusal_of(jpeg_that_claims(8, 0)), "none");
  EXPECT_NE(refusal_of(png_that_claims(0xffffffffU, 0xffffffffU)), "none");
}

TEST(decode, refuses_images_that_claim_more_pixels_than_they_have) {
  EXPECT_NE(refusal_of(png_that_claims(80, 80)), "none");
  EXPECT_NE(refusal_of(jpeg_that_claims(80, 80)), "none");
}

/// A progressive JPEG with the first scan, of the mean colours, repeated at full precision: legal, and slow to read.
bytes jpeg_with_more_scans(int count) {
  bytes content = imgproc::encode_jpeg(imgproc::make_gradient(16, 16), 90, true);
  const std::size_t begin = find_marker(content, 0xda);
  std::size_t end = begin + 2;
  while (content[end] != 0xff || content[end + 1] == 0) ++end;
  bytes scan(content.begin() + static_cast<std::ptrdiff_t>(begin), content.begin() + static_cast<std::ptrdiff_t>(end));
  const std::size_t header_bytes = scan[3];
  scan[2 + header_bytes - 1] = 0;
  for (int i = 0; i < count; ++i) content.insert(content.end() - 2, scan.begin(), scan.end());
  return content;
}

TEST(decode, refuses_a_jpeg_of_endless_scans) {
  EXPECT_EQ(refusal_of(jpeg_with_more_scans(20)), "none");
  EXPECT_EQ(refusal_of(jpeg_with_more_scans(imgproc::max_scans)), "Too many scans");
}

TEST(decode, gives_an_image_or_a_reason_for_damaged_files) {
  std::mt19937 random(4711);
  for (const bytes& good :
       {imgproc::encode_png(imgproc::make_gradient(24, 16)), imgproc::encode_jpeg(imgproc::make_gradient(24, 16), 80),
        imgproc::encode_jpeg(imgproc::make_gradient(24, 16), 80, true)}) {
    int refused = 0;
    for (int i = 0; i < 3000; ++i) {
      bytes content = good;
      for (unsigned damages = 1 + random() % 4; damages > 0; --damages)
        content[3 + random() % (content.size() - 3)] = static_cast<unsigned char>(random());
      const auto found = try_decode(content);
      refused += found ? 0 : 1;
      if (found) {
        EXPECT_EQ(found->rgb.size(), 3U * static_cast<unsigned>(found->width) * static_cast<unsigned>(found->height));
      }
    }
    EXPECT_GT(refused, 100);
  }
}

TEST(read_image, says_why_a_file_cannot_be_read) {
  const auto problem = [](const std::filesystem::path& file) -> std::string {
    try {
      imgproc::read_image(file);
    } catch (const image_error& e) {
      return e.what();
    }
    return "none";
  };
  EXPECT_EQ(problem("/no/such/file.png"), "cannot be read: No such file or directory");
  EXPECT_EQ(problem("/"), "cannot be read: Is a directory");

  const auto large = std::filesystem::path(testing::TempDir()) / ("torc imgproc " + std::to_string(getpid()) + ".png");
  std::ofstream(large).put('x');
  std::filesystem::resize_file(large, imgproc::max_file_bytes + 1);  // a hole: takes no space
  EXPECT_EQ(problem(large), "has 268435457 bytes; up to 268435456 are read");
  std::filesystem::remove(large);
}

}  // namespace
