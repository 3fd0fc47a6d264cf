// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors
// expect: called with fewer arguments than it takes
#include <torc/torc.hpp>

#include <vector>

void refused() {
  auto sums = torc::map([](int a, int b) { return a + b; }, std::vector<int>{1, 2});
}
