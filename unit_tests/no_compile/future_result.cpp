// expect: a future cannot travel to another node: pass its value, or use then or when_all
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors
#include <torc/torc.hpp>

#include <vector>

void refused() {
  torc::submit([](int x) { return torc::future<int>(torc::submit([](int y) { return y; }, x)); }, 1);
}
