// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors
// expect: a parameter is a non-const reference.*return the value
#include <torc/torc.hpp>

void refused() {
  int sum = 0;
  torc::submit(torc::local([](int& x) { ++x; }), sum);
}
