// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors
// expect: argument_check<1, int, double>.*its fraction would be lost: convert it yourself
#include <torc/torc.hpp>

#include <vector>

void refused() {
  torc::map([](int order, double x) { return order * x; }, torc::same(2.7), std::vector<double>{1, 2});
}
