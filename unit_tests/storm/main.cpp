// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors
#include <fmt/format.h>

#include <exception>

#include "backends/mpi/environment.hpp"
#include "unit_tests/storm/burners.hpp"
#include "unit_tests/storm/command_line.hpp"
#include "unit_tests/storm/generator.hpp"
#include "unit_tests/storm/last_words.hpp"
#include "unit_tests/storm/runner.hpp"
#include "unit_tests/storm/shrinker.hpp"

int main(int argc, char** argv) {
  const auto given = storm::parse(argc, argv);
  if (!given) return storm::status_usage;
  if (given->describes) {
    for (std::uint64_t seed = given->first_seed; seed <= given->last_seed; ++seed) {
      storm::program made = storm::generate(seed, given->ranks, given->faults);
      storm::finish(made, given->kept);
      fmt::print("{}", storm::describe(made));
    }
    return 0;
  }
  if (given->shrinks) return storm::shrink(*given, argv[0]);
  const storm::burners busy(torc::backends::mpi::known_rank() == 0 ? given->burners : 0);
  storm::install_last_words();
  torc::backends::mpi::initialise();
  int status = 0;
  try {
    status = storm::run_all(*given, argv[0]);
  } catch (const std::exception& e) {
    storm::print_last_words();
    fmt::print(stderr, "storm: {}\n", e.what());
    std::fflush(nullptr);
    std::_Exit(storm::status_wrong);
  }
  torc::backends::mpi::finalise();
  return status;
}
