// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors
#include "unit_tests/storm/backends.hpp"

#include <memory>

#include "backends/mpi/environment.hpp"
#include "backends/mpi/transport.hpp"
#include "unit_tests/storm/last_words.hpp"

namespace storm {
namespace {

namespace mpi = torc::backends::mpi;

hostile_transport* g_network = nullptr;

torc::runtime::backend_facts find_mpi(const torc::runtime::process_place&) {
  const mpi::environment found = mpi::initialise();
  return {.census = {}, .rank = found.rank, .num_ranks = found.num_ranks};
}

std::unique_ptr<torc::protocol::transport> connect(const mpi::message_sizes& sizes) {
  auto wrapped = std::make_unique<hostile_transport>(std::make_unique<mpi::transport>(1, sizes));
  wrapped->set_last_words(print_last_words);
  g_network = wrapped.get();
  return wrapped;
}

bool has_device(const torc::runtime::process_place& place) { return place.num_ranks == 1 || place.rank % 2 == 1; }

}  // namespace

std::vector<torc::runtime::backend> backends(const mpi::message_sizes& sizes) {
  std::vector<torc::runtime::backend> all;
  all.push_back({.initialise = find_mpi,
                 .finalise = mpi::finalise,
                 .connect = [sizes] { return connect(sizes); },
                 .rank = mpi::known_rank});
  all.push_back(tests::fake_backend<0>(torc::sched::dispatch::drivers, has_device));
  return all;
}

hostile_transport* network() noexcept { return g_network; }

}  // namespace storm
