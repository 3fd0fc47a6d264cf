// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors

#include "support/mpi/job.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <mpi.h>
#include <stdlib.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <stdexcept>
#include <string>
#include <thread>
#include <torc/torc.hpp>

namespace perf {
namespace {

/// What rank 0 wants of the others next: a session, or, if there are no workers, the end.
struct request {
  int workers = 0;
  int is_stealing = 0;
  int main_shares_worker = 0;
};

/// Rank 0's to all. While the others wait they leave the cores to it, which MPI_Bcast would not.
request agree_on(const request& wish) {
  std::array<int, 3> values{wish.workers, wish.is_stealing, wish.main_shares_worker};
  MPI_Request news = MPI_REQUEST_NULL;
  MPI_Ibcast(values.data(), static_cast<int>(values.size()), MPI_INT, 0, MPI_COMM_WORLD, &news);
  for (;;) {
    int is_here = 0;
    MPI_Test(&news, &is_here, MPI_STATUS_IGNORE);
    if (is_here != 0) return {values[0], values[1], values[2]};
    std::this_thread::sleep_for(std::chrono::milliseconds(1));
  }
}

torc::options options_for(const request& wish) {
  torc::options options;
  options.workers = wish.workers;
  options.stealing = wish.is_stealing != 0;
  if (wish.main_shares_worker != 0) options.primary = torc::primary_place::worker;
  options.stats = 0;
  return options;
}

}  // namespace

job::job(int argc, char** argv) : m_argc(argc), m_argv(argv) {
  int provided = MPI_THREAD_SINGLE;
  MPI_Init_thread(nullptr, nullptr, MPI_THREAD_MULTIPLE, &provided);
  MPI_Comm_rank(MPI_COMM_WORLD, &m_rank);
  MPI_Comm_size(MPI_COMM_WORLD, &m_size);
  // The environment wins over torc::options, and these programs choose both themselves.
  for (const char* variable : {"TORC_WORKERS", "TORC_STEALING"}) {
    if (::getenv(variable) == nullptr) continue;
    if (is_first()) fmt::print("{} is ignored here\n", variable);
    ::unsetenv(variable);
  }
}

job::~job() {
  if (is_first()) agree_on({});
  torc::finalize();  // its communicators, before MPI ends
  MPI_Finalize();
}

std::optional<int> job::parse(examples::command_line& line, const std::vector<int>& ranks) const {
  std::optional<int> status = line.parse(m_argc, m_argv, is_first());
  if (!status && !ranks.empty() && std::find(ranks.begin(), ranks.end(), m_size) == ranks.end()) {
    if (is_first()) {
      fmt::print(stderr, "{0} runs on {1} ranks, not {2}: mpiexec -n {3} {0}\n", m_argv[0], fmt::join(ranks, " or "),
                 m_size, ranks.front());
    }
    status = examples::bad_input;
  }
  if (status && !is_first()) agree_on({});
  return status;
}

int job::serve() {
  for (request wish = agree_on({}); wish.workers != 0; wish = agree_on({})) {
    const torc::session session(options_for(wish));
    torc::launch();
  }
  return 0;
}

void job::with_torc(int workers, bool is_stealing, const std::function<void()>& body, bool main_shares_worker) {
  const request wish = agree_on({workers, is_stealing ? 1 : 0, main_shares_worker ? 1 : 0});
  const torc::session session(options_for(wish));
  torc::launch();
  if (torc::num_workers() != workers * m_size) throw std::runtime_error("torc did not start the workers asked for");
  body();
  if (torc::shutdown() != 0) throw std::runtime_error("a task failed and nobody looked at its future");
}

facts job::about() const {
  std::array<char, MPI_MAX_LIBRARY_VERSION_STRING> text{};
  int length = 0;
  MPI_Get_library_version(text.data(), &length);
  std::string library(text.data(), static_cast<std::size_t>(length));
  library.resize(std::min(library.find('\n'), library.size()));
  std::replace(library.begin(), library.end(), '\t', ' ');
  return {{"MPI", library}, {"ranks", fmt::format("{}", m_size)}};
}

}  // namespace perf
