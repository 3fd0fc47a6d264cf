// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors
#include "backends/mpi/early_finalise.hpp"

#include <fmt/format.h>
#include <mpi.h>

#include <cstdlib>
#include <string>
#include <torc/detail/mpi_entry.hpp>
#include <torc/node.hpp>

#include "backends/mpi/abort.hpp"
#include "backends/mpi/calls.hpp"

namespace torc::backends::mpi {
namespace {

/// MPI_Finalize begins by deleting the attributes of MPI_COMM_SELF, while MPI can still be called (MPI 3.1, 8.7.1).
int g_attribute = MPI_KEYVAL_INVALID;
bool g_is_ours = false;
bool g_is_watched = false;  ///< deleting the attribute by ourselves calls refuse_in_session too

int refuse_in_session(MPI_Comm, int, void*, void*) {
  if (!g_is_watched || !torc::detail::needs_mpi()) return MPI_SUCCESS;
  const std::string where = num_nodes() > 1 ? fmt::format("node {}: ", node_id()) : std::string();
  abort_job(fmt::format("{}MPI_Finalize was called while a session is open, which still needs MPI: {}", where,
                        g_is_ours ? "leave it out, because torc has initialised MPI and finalises it too"
                                  : "call it when torc::start has returned, or after torc::shutdown()"),
            EXIT_FAILURE);
}

}  // namespace

void watch_finalise(bool is_ours) {
  g_is_ours = is_ours;
  g_is_watched = true;
  if (g_attribute != MPI_KEYVAL_INVALID) return;
  check(MPI_Comm_create_keyval(MPI_COMM_NULL_COPY_FN, refuse_in_session, &g_attribute, nullptr),
        "MPI_Comm_create_keyval");
  check(MPI_Comm_set_attr(MPI_COMM_SELF, g_attribute, nullptr), "MPI_Comm_set_attr");
}

void unwatch_finalise() {
  g_is_watched = false;
  if (g_attribute == MPI_KEYVAL_INVALID) return;
  check(MPI_Comm_delete_attr(MPI_COMM_SELF, g_attribute), "MPI_Comm_delete_attr");
  check(MPI_Comm_free_keyval(&g_attribute), "MPI_Comm_free_keyval");
}

}  // namespace torc::backends::mpi
