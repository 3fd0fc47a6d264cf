// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors
// expect: argument_check<2, .*is the handle of a broadcast.*call its get|is the handle of a broadcast.*call its
// get.*argument_check<2, handle of a broadcast.*call its get
#include <torc/torc.hpp>

#include <vector>

double f(int i, const std::vector<double>& model);

void refused() {
  auto model = torc::broadcast(std::vector<double>{1, 2});
  torc::submit(f, 1, model);
}
