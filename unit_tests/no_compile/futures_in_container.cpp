// expect: a future cannot travel to another node: pass its value, or use then or when_all
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors
#include <torc/torc.hpp>

#include <vector>

void refused() {
  const std::vector<torc::future<int>> all;
  torc::submit([](const std::vector<torc::future<int>>& f) { return f.front().result(); }, all);
}
