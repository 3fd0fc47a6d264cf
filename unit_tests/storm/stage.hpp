// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors
#pragma once

#include <mpi.h>

#include <cstdint>
#include <string>

#include "unit_tests/storm/ledger.hpp"
#include "unit_tests/storm/program.hpp"

namespace storm {

/// What the tasks of the running program find on their rank.
struct stage {
  const program* play = nullptr;
  ledger* book = nullptr;
  MPI_Comm ranks = MPI_COMM_NULL;  ///< the job's own, for between sessions
};

/// Of this process; set while no session is open.
inline stage& current_stage() {
  static stage only;
  return only;
}
inline const program& played() { return *current_stage().play; }
inline ledger& book() { return *current_stage().book; }

/// A task is about to be submitted that the runtime counts.
inline void count_submission() noexcept { ++book().submissions(); }
/// A submission has thrown.
inline void uncount_submission() noexcept { --book().submissions(); }
/// The runtime counts a body that is none of the program's.
inline void count_body() noexcept { ++book().begun_bodies(); }

inline void complain_of(task_index task, const std::string& text) {
  book().complain(describe(played(), task) + ": " + text);
}

}  // namespace storm
