// expect: a std::function cannot travel
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
  torc::submit([](std::function<int()> f) { return f(); }, std::function<int()>([] { return 1; }));
}
