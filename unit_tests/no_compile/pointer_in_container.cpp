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
  torc::submit([](std::vector<int*> v) { return static_cast<int>(v.size()); }, std::vector<int*>());
}
