// expect: a container of what is const, or of pairs with a const part, cannot be read
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors
#include <torc/torc.hpp>

#include <utility>
#include <vector>

void refused() {
  torc::submit([](const std::vector<std::pair<const int, int>>& v) { return static_cast<int>(v.size()); },
               std::vector<std::pair<const int, int>>());
}
