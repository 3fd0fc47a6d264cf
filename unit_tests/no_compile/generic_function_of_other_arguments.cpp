// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors
// expect: the function cannot be called with these arguments
#include <torc/torc.hpp>

void refused() {
  torc::submit([](auto x, auto y) { return x + y; }, 1);
}
