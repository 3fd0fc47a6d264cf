// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors
// expect: check_the_options_or_wrap_an_overloaded_function_in_a_lambda
#include <torc/torc.hpp>

template <class T>
T twice(T x) {
  return 2 * x;
}

void refused() { torc::submit(twice, 1.0); }
