// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors
// expect: a parameter is a non-const reference.*return the value
#include <torc/torc.hpp>

#include <vector>

void refused() {
  std::vector<double> all{1, 2};
  torc::map([](double& x) { x *= 2; }, all);
}
