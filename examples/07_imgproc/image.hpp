// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors
#pragma once

#include <array>
#include <cstddef>
#include <vector>

namespace imgproc {

/// Rows from the top, three bytes (red, green, blue) a pixel.
struct image {
  int width = 0;
  int height = 0;
  std::vector<unsigned char> rgb;

  friend bool operator==(const image&, const image&) = default;
};

/// A black one.
image make_image(int width, int height);

/// The image in another size by a box filter: a pixel is the mean of the area that it covers, so that the mean colour
/// stays. Neither image may be empty.
image resize(const image& source, int width, int height);

/// Red, green and blue from 0 to 255.
std::array<double, 3> mean_colour(const image& source);

}  // namespace imgproc
