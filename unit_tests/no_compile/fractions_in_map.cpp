// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors
// expect: argument_check<1, [a-z ]*, const float&>.*its fraction would be lost: convert it
// yourself
#include <torc/torc.hpp>

#include <vector>

void refused() {
  const std::vector<float> all{1, 2};
  torc::map([](unsigned long n) { return n; }, all);
}
