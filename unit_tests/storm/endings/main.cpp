// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors
#include "backends/mpi/environment.hpp"
#include "core/runtime/session.hpp"
#include "unit_tests/storm/backends.hpp"
#include "unit_tests/storm/endings/driver.hpp"
#include "unit_tests/storm/endings/endings.hpp"

/// Jobs that end badly: starts them, or is one of them.
int main(int argc, char** argv) {
  const auto given = storm::parse(argc, argv);
  if (!given) return storm::status_usage;
  if (!given->plays) return storm::drive(*given, argv[0]);

  const storm::job_plan plan = storm::plan_job(given->first_seed);
  const torc::options options{
      .workers = plan.workers,
      .stealing = plan.is_stealing,
      .primary = plan.has_own_thread ? torc::primary_place::thread : torc::primary_place::worker,
      .team_grace = std::chrono::milliseconds(500)};
  return torc::runtime::start(options, storm::backends({}), [&] {
    storm::job_endings()[plan.ending].play(plan.culprit);
    return 0;
  });
}
