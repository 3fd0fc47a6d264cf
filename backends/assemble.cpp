// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors
#include <fmt/format.h>

#include <memory>
#include <torc/error.hpp>
#include <torc/session.hpp>
#include <vector>

#include "backends/assemble.hpp"
#include "core/runtime/session.hpp"
#if defined(TORC_ENABLE_MPI)
#include "backends/mpi/environment.hpp"
#include "backends/mpi/transport.hpp"
#endif
#if defined(TORC_ENABLE_KOKKOS)
#include "backends/kokkos/devices.hpp"
#include "backends/kokkos/environment.hpp"
#endif

/// The one place that knows which backends this torc was built with.
namespace torc {
namespace {

#if defined(TORC_ENABLE_MPI)
runtime::backend_facts initialise_mpi(const runtime::process_place&) {
  backends::mpi::environment found;
  try {
    found = backends::mpi::initialise();
  } catch (const config_error& e) {
    return {.census = {}, .rank = backends::mpi::known_rank(), .problem = e.what()};
  }
  return {.census = fmt::format("{}, {}", found.library, backends::mpi::name(found.level)),
          .rank = found.rank,
          .num_ranks = found.num_ranks};
}

/// One transport for all sessions of the process.
std::unique_ptr<protocol::transport> connect_by_mpi() { return std::make_unique<backends::mpi::transport>(1); }
#endif

#if defined(TORC_ENABLE_KOKKOS)
runtime::backend_facts initialise_kokkos(const runtime::process_place& where) {
  const auto found = backends::kokkos::initialise({.rank = where.rank,
                                                   .num_ranks = where.num_ranks,
                                                   .local_rank = where.local_rank,
                                                   .local_ranks = where.local_ranks});
  runtime::backend_facts facts{.census = found.census,
                               .device_advice = found.advice,
                               .is_used_elsewhere = found.is_applications,
                               .missing_devices = found.missing};
  for (const auto& space : found.spaces)
    facts.spaces.push_back({space.name, space.description, space.dispatch, space.num_devices});
  return facts;
}
#endif

}  // namespace

std::vector<runtime::backend> backends::all() {
  std::vector<runtime::backend> all;
#if defined(TORC_ENABLE_MPI)
  all.push_back({.initialise = initialise_mpi,
                 .finalise = backends::mpi::finalise,
                 .connect = connect_by_mpi,
                 .rank = backends::mpi::known_rank});
#endif
#if defined(TORC_ENABLE_KOKKOS)
  all.push_back({.initialise = initialise_kokkos,
                 .finalise = backends::kokkos::finalise,
                 .make_devices = backends::kokkos::make_devices});
#endif
  return all;
}

void init(int, char**) { runtime::open_session({}, backends::all()); }

void init(const options& given) { runtime::open_session(given, backends::all()); }

int detail::start_session(int, char**, const options& given, const std::function<int()>& main) {
  return runtime::start(given, backends::all(), main);
}

}  // namespace torc
