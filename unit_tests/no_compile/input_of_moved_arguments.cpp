// expect: input\(\) needs arguments that can be copied
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
  auto f = torc::submit([](std::unique_ptr<int> p) { return *p; }, std::make_unique<int>(1));
  f.input();
}
