// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors
// expect: an argument does not convert to the type of the function.s parameter
#include <torc/torc.hpp>

#include <string>

void refused() {
  torc::submit([](const std::string& s) { return s.size(); }, 3.0);
}
