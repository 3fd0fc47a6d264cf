// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors
#include "07_imgproc/image.hpp"

#include <gtest/gtest.h>

#include <cstddef>
#include <utility>

#include "07_imgproc/encode.hpp"

namespace {

using imgproc::image;
using imgproc::resize;

TEST(resize, keeps_an_image_of_the_same_size) {
  const image source = imgproc::make_gradient(19, 11);
  EXPECT_EQ(resize(source, 19, 11), source);
}

TEST(resize, keeps_a_plain_colour_in_any_size) {
  for (const auto& [width, height] : {std::pair{1, 1}, {3, 7}, {32, 32}, {33, 31}, {200, 1}})
    EXPECT_EQ(resize(imgproc::make_plain(width, height, {255, 3, 200}), 32, 32),
              imgproc::make_plain(32, 32, {255, 3, 200}));
}

TEST(resize, gives_the_mean_of_the_area_that_a_pixel_covers) {
  const image source{4, 2, {0,  0, 0, 10, 0, 0, 100, 0, 0, 200, 0, 0,  //
                            20, 0, 0, 30, 0, 0, 120, 0, 0, 220, 0, 40}};
  EXPECT_EQ(resize(source, 2, 1), (image{2, 1, {15, 0, 0, 160, 0, 10}}));
  // Three columns become two: the middle one is shared.
  const image row{3, 1, {0, 0, 0, 30, 0, 0, 90, 0, 0}};
  EXPECT_EQ(resize(row, 2, 1), (image{2, 1, {10, 0, 0, 70, 0, 0}}));
}

TEST(resize, keeps_the_mean_colour) {
  for (const auto& [width, height] : {std::pair{96, 80}, {101, 67}, {33, 5}}) {
    const image source = imgproc::make_gradient(width, height);
    const auto before = imgproc::mean_colour(source);
    const auto after = imgproc::mean_colour(resize(source, 32, 32));
    for (std::size_t c = 0; c < 3; ++c) EXPECT_NEAR(after[c], before[c], 0.5);
  }
}

}  // namespace
