// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors

#include <cstdio>
#include <torc/torc.hpp>
#include <vector>

double work(double x) { return x * x; }

int main(int argc, char** argv) {
  return torc::start(argc, argv, [] {
    std::vector<torc::future<double(double)>> futures;
    for (int i = 1; i <= 4; ++i) futures.push_back(torc::submit(work, i));
    torc::wait();
    for (auto& f : futures) std::printf("%g^2 = %g\n", f.input(), f.result());
  });
}
