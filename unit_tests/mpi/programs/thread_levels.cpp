// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors
#include <mpi.h>

#include <cstdio>
#include <string>
#include <torc/mpi.hpp>
#include <torc/torc.hpp>
#include <vector>

/// A session in an application that has initialised MPI itself, with a level given by name: `thread_levels LEVEL
/// [fails]`.
namespace {

int run() {
  for (int round = 0; round < 20; ++round) {
    for (int i = 0; i < 20; ++i) torc::submit([](int x) { return x; }, i);
    const auto sums = torc::spmd(
        [](int x) {
          int sum = 0;
          const int mine = x + torc::node_id();
          MPI_Allreduce(&mine, &sum, 1, MPI_INT, MPI_SUM, torc::mpi_comm());
          return sum;
        },
        round);
    const int nodes = torc::num_nodes();
    for (const int sum : sums) {
      if (sum != round * nodes + nodes * (nodes - 1) / 2) return 3;
    }
    torc::wait();
  }
  const auto told = torc::spmd([]() -> std::vector<std::string> {
    std::vector<std::string> errors;
    try {
      torc::submit([] {});
    } catch (const torc::error& e) {
      errors.emplace_back(e.what());
    }
    return errors;
  });
  std::printf("an spmd body %s\n", told.back().empty() ? "may submit" : told.back().front().c_str());
  return 0;
}

/// The others wait for the last node for ever.
int fail() {
  torc::spmd([] {
    if (torc::node_id() == torc::num_nodes() - 1) throw torc::error("out of step");
    MPI_Barrier(torc::mpi_comm());
  });
  return 0;
}

}  // namespace

int main(int argc, char** argv) {
  const std::string wish = argc > 1 ? argv[1] : "";
  int provided = 0;
  MPI_Init_thread(&argc, &argv,
                  wish == "serialized" ? MPI_THREAD_SERIALIZED
                  : wish == "funneled" ? MPI_THREAD_FUNNELED
                                       : MPI_THREAD_MULTIPLE,
                  &provided);
  const bool fails = argc > 2 && std::string(argv[2]) == "fails";
  const int status = torc::start(argc, argv, fails ? fail : run);
  MPI_Finalize();
  return status;
}
