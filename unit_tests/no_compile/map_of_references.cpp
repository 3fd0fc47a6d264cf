// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors
// expect: return values, not references
#include <torc/torc.hpp>

#include <vector>

void refused() {
  std::vector<int> table{1, 2};
  torc::map(torc::local([&](int i) -> int& { return table[i]; }), std::vector<int>{0, 1});
}
