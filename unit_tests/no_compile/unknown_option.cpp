// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors
// expect: check_the_options_or_wrap_an_overloaded_function_in_a_lambda
#include <torc/torc.hpp>

void refused() {
  torc::submit(
      {.retry = 1}, [](int x) { return x; }, 1);
}
