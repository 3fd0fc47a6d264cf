// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors
// expect: called with more arguments than it takes
#include <torc/torc.hpp>

void refused() {
  torc::spmd([] { return 1; }, 2);
}
