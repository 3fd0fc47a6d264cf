// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors

#include "backends/mpi/environment.hpp"

#include <fmt/format.h>
#include <mpi.h>

#include <array>
#include <cstdlib>
#include <optional>
#include <torc/detail/mpi_entry.hpp>
#include <torc/error.hpp>
#include <torc/mpi.hpp>
#include <torc/node.hpp>
#include <utility>

#include "backends/mpi/calls.hpp"
#include "backends/mpi/communicator.hpp"
#include "backends/mpi/early_finalise.hpp"

namespace torc::backends::mpi {
namespace {

/// Whether it is torc that must finalise MPI.
bool is_ours = false;

MPI_Comm g_application = MPI_COMM_NULL;

std::optional<int> g_rank;

bool is_true(int (*query)(int*), const char* call) {
  int flag = 0;
  check(query(&flag), call);
  return flag != 0;
}

thread_level to_thread_level(int value) {
  switch (value) {
    case MPI_THREAD_SINGLE:
      return thread_level::single;
    case MPI_THREAD_FUNNELED:
      return thread_level::funneled;
    case MPI_THREAD_SERIALIZED:
      return thread_level::serialized;
    case MPI_THREAD_MULTIPLE:
      return thread_level::multiple;
    default:
      throw transport_error(fmt::format("MPI_Query_thread gave {}, which is none of MPI's thread levels", value));
  }
}

std::string library_version() {
  std::array<char, MPI_MAX_LIBRARY_VERSION_STRING> text{};
  int length = 0;
  check(MPI_Get_library_version(text.data(), &length), "MPI_Get_library_version");
  // One line: some libraries go on with how they were configured.
  const std::string_view all(text.data(), static_cast<std::size_t>(length));
  std::string first_line(all.substr(0, all.find('\n')));
  for (char& c : first_line)
    if (c == '\t') c = ' ';
  return first_line;
}

}  // namespace

std::string_view name(thread_level level) noexcept {
  switch (level) {
    case thread_level::single:
      return "MPI_THREAD_SINGLE";
    case thread_level::funneled:
      return "MPI_THREAD_FUNNELED";
    case thread_level::serialized:
      return "MPI_THREAD_SERIALIZED";
    case thread_level::multiple:
      return "MPI_THREAD_MULTIPLE";
  }
  return "no thread level of MPI";
}

environment initialise() {
  if (is_true(MPI_Finalized, "MPI_Finalized"))
    throw config_error(
        "MPI has been finalised, as torc::start does at its end, and cannot be initialised again: for several sessions "
        "in one program use torc::session instead of start, or call MPI_Init_thread and MPI_Finalize yourself");
  if (!is_true(MPI_Initialized, "MPI_Initialized")) {
    int provided = MPI_THREAD_SINGLE;
    check(MPI_Init_thread(nullptr, nullptr, MPI_THREAD_MULTIPLE, &provided), "MPI_Init_thread");
    is_ours = true;
  }

  environment result{};
  int level = MPI_THREAD_SINGLE;
  check(MPI_Query_thread(&level), "MPI_Query_thread");
  result.level = to_thread_level(level);
  result.library = library_version();
  check(MPI_Comm_size(MPI_COMM_WORLD, &result.num_ranks), "MPI_Comm_size");
  check(MPI_Comm_rank(MPI_COMM_WORLD, &result.rank), "MPI_Comm_rank");
  g_rank = result.rank;
  if (result.level < thread_level::serialized)
    throw config_error(fmt::format(
        "MPI grants {}, torc needs MPI_THREAD_SERIALIZED or more; {} (MPI library: {})", name(result.level),
        is_ours
            ? "use an MPI library that supports threads"
            : "let the application call MPI_Init_thread with MPI_THREAD_MULTIPLE, or leave initialising MPI to torc",
        result.library));
  if (g_application == MPI_COMM_NULL) check(MPI_Comm_dup(MPI_COMM_WORLD, &g_application), "MPI_Comm_dup");
  watch_finalise(is_ours);
  return result;
}

int known_rank() noexcept {
  if (g_rank) return *g_rank;
  for (const char* variable : {"PMI_RANK", "PMIX_RANK", "OMPI_COMM_WORLD_RANK"}) {
    if (const char* const rank = std::getenv(variable); rank != nullptr) return std::atoi(rank);
  }
  return 0;
}

void finalise() {
  const bool is_over = is_true(MPI_Finalized, "MPI_Finalized");
  MPI_Comm application = std::exchange(g_application, MPI_COMM_NULL);
  if (!is_over) unwatch_finalise();
  if (application != MPI_COMM_NULL && !is_over) check(MPI_Comm_free(&application), "MPI_Comm_free");
  if (std::exchange(is_ours, false) && !is_over) check(MPI_Finalize(), "MPI_Finalize");
}

MPI_Comm application_communicator() noexcept { return g_application; }

}  // namespace torc::backends::mpi

namespace torc {

MPI_Comm mpi_comm() {
  if (num_nodes() == 0)
    throw error("mpi_comm: no session is open: call this in the body of torc::spmd, or after torc::init");
  detail::require_all_nodes("mpi_comm");
  return backends::mpi::application_communicator();
}

}  // namespace torc
