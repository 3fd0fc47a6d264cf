// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors
// expect: what cannot be copied is given by std::move
#include <torc/torc.hpp>

#include <memory>

void refused() {
  const auto owner = std::make_unique<int>(1);
  torc::submit([](std::unique_ptr<int> p) { return *p; }, owner);
}
