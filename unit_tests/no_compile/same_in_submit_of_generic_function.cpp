// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors
// expect: is in torc::same, which map alone takes: give the value itself
#include <torc/torc.hpp>

void refused() {
  torc::submit([](const auto& x) { return x; }, torc::same(1));
}
