// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors
// expect: argument_check<1, std::optional<int>, double>.*its fraction would be lost: convert it yourself
#include <torc/executor.hpp>
#include <torc/torc.hpp>

#include <optional>

void refused(torc::executor& tasks) {
  tasks.submit(torc::local([](std::optional<int>) {}), 2.7);
}
