// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors
// expect: a continuation is called with the future
#include <torc/torc.hpp>

#include <string>

void refused() {
  torc::submit([](int x) { return x; }, 1).then([](const std::string&) {});
}
