// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors
#include "07_imgproc/image.hpp"

#include <algorithm>
#include <cmath>

namespace imgproc {
namespace {

/// A source row or column, and how much of it a pixel of the target covers.
struct share {
  int position;
  double weight;
};

/// What pixel `i` of `target` covers in `source`; the weights add up to 1.
std::vector<share> shares_of(int i, int target, int source) {
  const double ratio = static_cast<double>(source) / target;
  const double begin = i * ratio;
  const double end = (i + 1) * ratio;
  std::vector<share> shares;
  for (int k = static_cast<int>(begin); k < std::min(source, static_cast<int>(std::ceil(end))); ++k) {
    const double covered = std::min(end, k + 1.0) - std::max(begin, static_cast<double>(k));
    shares.push_back({k, covered / ratio});
  }
  return shares;
}

std::size_t offset(const image& of, int x, int y) {
  return 3 * (static_cast<std::size_t>(y) * static_cast<std::size_t>(of.width) + static_cast<std::size_t>(x));
}

}  // namespace

image make_image(int width, int height) {
  return {width, height,
          std::vector<unsigned char>(3 * static_cast<std::size_t>(width) * static_cast<std::size_t>(height))};
}

image resize(const image& source, int width, int height) {
  image result = make_image(width, height);
  std::vector<std::vector<share>> columns;
  for (int x = 0; x < width; ++x) columns.push_back(shares_of(x, width, source.width));
  for (int y = 0; y < height; ++y) {
    const auto rows = shares_of(y, height, source.height);
    for (int x = 0; x < width; ++x) {
      std::array<double, 3> sum{};
      for (const share& row : rows) {
        for (const share& column : columns[static_cast<std::size_t>(x)]) {
          const unsigned char* const pixel = &source.rgb[offset(source, column.position, row.position)];
          for (std::size_t c = 0; c < 3; ++c) sum[c] += row.weight * column.weight * pixel[c];
        }
      }
      for (std::size_t c = 0; c < 3; ++c)
        result.rgb[offset(result, x, y) + c] = static_cast<unsigned char>(std::min(255L, std::lround(sum[c])));
    }
  }
  return result;
}

std::array<double, 3> mean_colour(const image& source) {
  std::array<double, 3> sum{};
  for (std::size_t i = 0; i < source.rgb.size(); ++i) sum[i % 3] += source.rgb[i];
  for (double& colour : sum) colour /= static_cast<double>(source.rgb.size()) / 3;
  return sum;
}

}  // namespace imgproc
