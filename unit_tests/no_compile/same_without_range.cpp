// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors
// expect: map takes ranges after its function
#include <torc/torc.hpp>

void refused() {
  torc::map([](int i) { return i; }, torc::same(1));
}
