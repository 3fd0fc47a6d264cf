// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors
#include "unit_tests/storm/ledger.hpp"

#include <fmt/format.h>
#include <mpi.h>
#include <unistd.h>

#include <algorithm>
#include <cstring>
#include <new>
#include <stdexcept>

namespace storm {

ledger::ledger() {
  int rank = 0;
  MPI_Comm_rank(MPI_COMM_WORLD, &rank);
  std::int64_t owner = ::getpid();
  MPI_Bcast(&owner, 1, MPI_INT64_T, 0, MPI_COMM_WORLD);
  const std::string name = fmt::format("/torc-storm-{}", owner);
  using torc::backends::mpi::shared_memory;
  if (rank == 0) m_memory = shared_memory::create(name, sizeof(shared));
  MPI_Barrier(MPI_COMM_WORLD);
  if (rank != 0) m_memory = shared_memory::attach(name, sizeof(shared));
  MPI_Barrier(MPI_COMM_WORLD);
  if (rank == 0) shared_memory::remove_name(name);
  if (!m_memory) throw std::runtime_error("the ranks of a storm must share memory");
  if (rank == 0) {
    m_shared = ::new (m_memory->data()) shared;
    clear(max_tasks);
  } else {
    m_shared = reinterpret_cast<shared*>(m_memory->data());
  }
  MPI_Barrier(MPI_COMM_WORLD);
}

void ledger::clear(std::size_t num_tasks) {
  for (std::size_t i = 0; i < num_tasks; ++i) {
    task_entry& task = m_shared->tasks[i];
    task.submitted = task.begun = task.ended = task.is_over = task.is_cancelled = task.is_timed_out = task.num_left = 0;
    task.random = 0;
  }
  m_shared->submissions = 0;
  m_shared->begun_bodies = 0;
  m_shared->moves = 0;
  m_shared->job_units_in_use = 0;
  for (auto& units : m_shared->node_units_in_use) units = 0;
  m_shared->open_tasks = 0;
  m_shared->is_stopped = m_shared->stage_of_stop = 0;
  m_shared->num_complaints = 0;
}

void ledger::complain(std::string_view text) noexcept {
  if (m_shared->is_stopped.load() != 0) return;
  const std::uint32_t number = m_shared->num_complaints.fetch_add(1);
  if (number >= max_complaints) return;
  auto& to = m_shared->texts[number];
  const std::size_t size = std::min(text.size(), to.size() - 1);
  std::memcpy(to.data(), text.data(), size);
  to[size] = '\0';
}

std::vector<std::string> ledger::complaints() const {
  std::vector<std::string> all;
  const std::size_t count = std::min<std::size_t>(num_complaints(), max_complaints);
  for (std::size_t i = 0; i < count; ++i) all.emplace_back(m_shared->texts[i].data());
  return all;
}

}  // namespace storm
