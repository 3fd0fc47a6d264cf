// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors
// expect: a task needs the function itself
#include <torc/torc.hpp>

#include <cmath>

void refused() { torc::submit(std::sin(1.0)); }
