// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors
// expect: torc: a time is given as a number of seconds, such as 2.5, or as a std::chrono duration
#include <torc/torc.hpp>

void refused() {
  torc::submit([](int x) { return x; }, 1).result(true);
}
