// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors
// expect: a raw pointer cannot travel
#include <torc/torc.hpp>

#include <vector>

void refused() {
  int offset = 1;
  torc::map([](const int* p, int i) { return *p + i; }, torc::same(&offset), std::vector<int>{1, 2});
}
