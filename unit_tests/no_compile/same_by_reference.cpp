// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors
// expect: a parameter is a non-const reference
#include <torc/torc.hpp>

#include <vector>

void refused() {
  std::vector<int> table{1, 2};
  torc::map([](std::vector<int>& t, int i) { return t[i]; }, torc::same(table), std::vector<int>{0, 1});
}
