// expect: this class can be written but not read on another node: give it a cereal serialize or load for input archives
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors
#include <torc/torc.hpp>

namespace {

struct written_only {
  template <class Archive>
  void save(Archive& archive) const {
    archive(x);
  }
  double x = 0;
};

}  // namespace

void refused() {
  torc::submit([](written_only w) { return w.x; }, written_only());
}
