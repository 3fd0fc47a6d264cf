// expect: a span or string_view cannot travel
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
  torc::submit([](std::string_view s) { return static_cast<int>(s.size()); }, "text");
}
