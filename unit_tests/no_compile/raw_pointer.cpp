// expect: a raw pointer cannot travel
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors
#include <torc/torc.hpp>

#include <functional>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

void refused() {
  int y = 1;
  torc::submit([](int* p) { return *p; }, &y);
}
