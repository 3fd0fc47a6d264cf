// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors
// expect: a value that cannot be copied is taken as const T&
#include <torc/torc.hpp>

#include <memory>
#include <vector>

void refused() {
  torc::map([](std::unique_ptr<int> p, int i) { return *p + i; }, torc::same(std::make_unique<int>(1)),
            std::vector<int>{1, 2});
}
