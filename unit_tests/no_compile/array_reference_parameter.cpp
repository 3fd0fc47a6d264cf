// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors
// expect: a parameter is a reference to an array.*take a std::array
// array.*take a std::array
#include <torc/torc.hpp>

double sum(const double (&all)[3]);

void refused() {
  double all[3] = {1, 2, 3};
  torc::submit(sum, all);
}
