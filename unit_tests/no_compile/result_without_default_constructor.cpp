// expect: the result.s class cannot be made on another node: give it a default constructor
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors
#include <torc/torc.hpp>

namespace {

struct made_of {
  explicit made_of(double v) : x(v) {}
  template <class Archive>
  void serialize(Archive& archive) {
    archive(x);
  }
  double x;
};

}  // namespace

void refused() {
  torc::submit([] { return made_of(1); });
}
