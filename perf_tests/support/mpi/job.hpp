// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors

#pragma once

#include <functional>
#include <optional>
#include <vector>

#include "examples/command_line.hpp"
#include "support/facts.hpp"

namespace perf {

/// The MPI job as which a program of perf_tests/cluster runs. Rank 0 measures and prints; the others open the sessions
/// that it opens. The program is the same on all ranks up to serve():
///
///   perf::job job(argc, argv);
///   if (const auto status = job.parse(line, {2})) return *status;
///   if (!job.is_first()) return job.serve();
class job {
 public:
  /// Initialises MPI. **Collective**, as the destructor, which ends serve() on the other ranks and finalises MPI.
  job(int argc, char** argv);
  job(const job&) = delete;
  job& operator=(const job&) = delete;
  ~job();

  bool is_first() const noexcept { return m_rank == 0; }
  int size() const noexcept { return m_size; }

  /// Reads the command line. If the program is not to go on, what main should return on every rank: 0 after --help, 2
  /// if the input is bad or the job was not started on one of these numbers of ranks, which rank 0 then says. None are
  /// given: any will do.
  std::optional<int> parse(examples::command_line& line, const std::vector<int>& ranks) const;

  /// On ranks other than 0, until the job ends.
  int serve();
  /// Runs `body` as the primary task of a session with so many workers on each node, on a thread of its own or on
  /// worker 0. On rank 0. Throws std::runtime_error if the session ends badly.
  void with_torc(int workers, bool is_stealing, const std::function<void()>& body, bool main_shares_worker = false);

  /// Of the job, for the report.
  facts about() const;

 private:
  const int m_argc;
  char** const m_argv;
  int m_rank = 0;
  int m_size = 1;
};

}  // namespace perf
