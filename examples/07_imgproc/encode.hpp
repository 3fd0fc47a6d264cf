// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors
#pragma once

#include <vector>

#include "07_imgproc/image.hpp"

/// The other way round, for the images of the tests.
namespace imgproc {

std::vector<unsigned char> encode_jpeg(const image& source, int quality, bool is_progressive = false);
std::vector<unsigned char> encode_png(const image& source);

/// Colours that change smoothly from corner to corner.
image make_gradient(int width, int height);

/// A single colour.
image make_plain(int width, int height, std::array<unsigned char, 3> colour);

}  // namespace imgproc
