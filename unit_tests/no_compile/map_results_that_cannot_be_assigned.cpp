// expect: map collects results in a vector: they must be assignable
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors
#include <torc/torc.hpp>

#include <utility>
#include <vector>

void refused() {
  torc::map([](int i) { return std::pair<const int, int>(i, i); }, std::vector<int>{1, 2});
}
