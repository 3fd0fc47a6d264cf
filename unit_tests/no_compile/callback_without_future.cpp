// expect: a callback is called with the future
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
  torc::submit([](int x) { return x; }, 1).add_done_callback([](const std::string&) {});
}
