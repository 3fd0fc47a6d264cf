// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors
// expect: a parameter is a non-const reference.*return the value
#include <torc/torc.hpp>

#include <vector>

void sort(std::vector<int>& all) { all.clear(); }

void refused() { torc::submit(sort, std::vector<int>{2, 1}); }
