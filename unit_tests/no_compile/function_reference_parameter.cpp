// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors
// expect: a parameter is a reference to a function: take a pointer to it
#include <torc/torc.hpp>

int f(int x);
int twice(int (&g)(int), int x);

void refused() { torc::submit(torc::local(twice), f, 1); }
