// expect: this function object cannot be made on another node: give it a default constructor
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors
#include <torc/torc.hpp>

namespace {

struct scaled {
  explicit scaled(double f) : factor(f) {}
  double operator()(double x) const { return factor * x; }
  template <class Archive>
  void serialize(Archive& archive) {
    archive(factor);
  }
  double factor;
};

}  // namespace

void refused() { torc::submit(scaled(2), 1.0); }
