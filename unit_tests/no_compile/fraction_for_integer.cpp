// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors
// expect: argument_check<2, int, double>.*its fraction would be lost: convert it yourself
#include <torc/torc.hpp>

double power(double base, int exponent);

void refused() { torc::submit(power, 1, 2.7); }
