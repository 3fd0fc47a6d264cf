// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors
// expect: called with fewer arguments than it takes
#include <torc/torc.hpp>

int add(int a, int b) { return a + b; }

void refused() { torc::submit(add, 1).result(); }
