// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors

// Makes the folder of images that the tests of 07_imgproc read: good ones, and files that only look like images.

#include <filesystem>
#include <fstream>
#include <span>

#include "encode.hpp"

namespace {

void write(const std::filesystem::path& file, std::span<const unsigned char> content) {
  std::ofstream stream(file, std::ios::binary);
  stream.exceptions(std::ios::failbit | std::ios::badbit);
  stream.write(reinterpret_cast<const char*>(content.data()), static_cast<std::streamsize>(content.size()));
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 2) return 2;
  const std::filesystem::path folder = argv[1];
  std::filesystem::remove_all(folder);
  std::filesystem::create_directories(folder / "more");

  const auto gradient = imgproc::make_gradient(96, 80);
  const auto jpeg = imgproc::encode_jpeg(gradient, 90);
  const auto png = imgproc::encode_png(gradient);
  write(folder / "gradient.jpg", jpeg);
  write(folder / "gradient.png", png);
  write(folder / "more" / "orange.JPEG", imgproc::encode_jpeg(imgproc::make_plain(200, 50, {250, 120, 10}), 95));
  write(folder / "more" / "teal.png", imgproc::encode_png(imgproc::make_plain(7, 3, {0, 128, 129})));
  write(folder / "not listed.txt", png);

  const unsigned char text[] = "this is no image";
  write(folder / "broken.jpg", text);
  write(folder / "empty.png", {});
  write(folder / "truncated.jpg", std::span(jpeg).first(jpeg.size() / 2));
  write(folder / "truncated.png", std::span(png).first(png.size() / 2));
}
