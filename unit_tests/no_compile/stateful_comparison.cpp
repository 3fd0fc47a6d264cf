// expect: a container whose comparison or hash has state cannot travel
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors
#include <torc/torc.hpp>

#include <set>

void refused() {
  using by_function = std::set<int, bool (*)(int, int)>;
  torc::submit([](const by_function& s) { return s.size(); }, by_function([](int a, int b) { return a < b; }));
}
