// expect: a std::shared_ptr to what may change, or a std::weak_ptr, cannot travel
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors
#include <torc/torc.hpp>

#include <memory>

void refused() {
  torc::submit([](const std::shared_ptr<int>& p) { return *p; }, std::make_shared<int>(1));
}
