// expect: this class cannot travel to another node: give it a cereal serialize
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
  struct point {
    double x;
    std::string y;
  };
  torc::submit([](point p) { return p.x; }, point{1, ""});
}
