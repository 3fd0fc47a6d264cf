// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors

#include <Kokkos_Core.hpp>
#include <cstdio>
#include <torc/detail/view_codec.hpp>
#include <torc/torc.hpp>

using numbers = Kokkos::View<const int*, Kokkos::HostSpace>;

int sum_of(numbers given) {
  int sum = 0;
  Kokkos::parallel_reduce(
      Kokkos::RangePolicy<Kokkos::DefaultHostExecutionSpace>(0, given.extent(0)),
      KOKKOS_LAMBDA(int i, int& partial) { partial += given(i); }, sum);
  return sum;
}

int main(int argc, char** argv) {
  return torc::start(argc, argv, [] {
    const Kokkos::View<int*, Kokkos::HostSpace> given("given", 3);
    for (int i = 0; i < 3; ++i) given(i) = i + 1;
    std::printf("1 + 2 + 3 = %d\n", torc::submit(sum_of, given).result());
  });
}
