// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors
// expect: argument_check<1, bool, double>.*its fraction would be lost: convert it yourself
#include <torc/torc.hpp>

void refused() {
  torc::spmd([](bool) {}, 0.5);
}
