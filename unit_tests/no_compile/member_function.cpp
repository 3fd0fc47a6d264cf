// expect: a member function cannot be submitted
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors
#include <torc/torc.hpp>

#include <functional>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

void refused() {
  struct box {
    int get() const { return 1; }
  };
  torc::submit(&box::get, box());
}
