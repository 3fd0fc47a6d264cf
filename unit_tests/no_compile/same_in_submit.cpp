// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors
// expect: argument_check<1, .*is in torc::same, which map alone takes: give the value itself|is in torc::same, which
// map alone takes: give the value itself.*argument_check<1,
#include <torc/torc.hpp>

#include <vector>

double f(const std::vector<double>& model, int i);

void refused() { torc::submit(f, torc::same(std::vector<double>{1, 2}), 1); }
