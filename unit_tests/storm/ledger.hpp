// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors
#pragma once

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "backends/mpi/shared_memory.hpp"
#include "unit_tests/storm/program.hpp"

namespace storm {

/// What happened to one task, as all ranks see it.
struct task_entry {
  std::atomic<std::uint32_t> submitted{0};
  std::atomic<std::uint32_t> begun{0};
  std::atomic<std::uint32_t> ended{0};
  std::atomic<std::uint32_t> is_over{0};       ///< somebody has seen that it and all below it have completed
  std::atomic<std::uint32_t> is_cancelled{0};  ///< a cancel of it has succeeded
  std::atomic<std::uint32_t> is_timed_out{0};  ///< somebody has seen that its time was over
  std::atomic<std::uint32_t> num_left{0};      ///< bodies that have not ended, of it and of all below it
  std::atomic<std::uint64_t> random{0};        ///< what its stream gave first
};

/// Keeps account of a program's tasks in memory that all ranks share, so that each of them can say what must not be at
/// the moment when it is. Thread-safe but for clear.
class ledger {
 public:
  static constexpr std::size_t max_tasks = 8192;
  static constexpr std::size_t max_complaints = 32;
  static constexpr std::size_t max_ranks = 64;

  /// **Collective** over the ranks, which must share a host.
  ledger();

  /// By one rank, between programs.
  void clear(std::size_t num_tasks);

  task_entry& at(task_index task) noexcept { return m_shared->tasks[task]; }
  std::atomic<std::uint64_t>& submissions() noexcept { return m_shared->submissions; }
  std::atomic<std::uint64_t>& begun_bodies() noexcept { return m_shared->begun_bodies; }
  /// How often a body has begun or ended.
  std::atomic<std::uint64_t>& moves() noexcept { return m_shared->moves; }
  /// Units of the limit that the whole job has.
  std::atomic<std::int32_t>& job_units_in_use() noexcept { return m_shared->job_units_in_use; }
  /// And of the one that each node has.
  std::atomic<std::int32_t>& node_units_in_use(int node) {
    return m_shared->node_units_in_use.at(static_cast<std::size_t>(node));
  }
  /// Tasks of the primary one's that have begun, with something of them left.
  std::atomic<std::uint32_t>& open_tasks() noexcept { return m_shared->open_tasks; }

  /// The session is stopped at some time: what its tasks then see is not what their program says, and no complaint
  /// counts until it is over.
  std::atomic<std::uint32_t>& is_stopped() noexcept { return m_shared->is_stopped; }
  /// The primary task has begun, or all signals have been sent.
  std::atomic<std::uint32_t>& stage_of_stop() noexcept { return m_shared->stage_of_stop; }

  /// Something is not as it must be.
  void complain(std::string_view text) noexcept;
  std::uint32_t num_complaints() const noexcept { return m_shared->num_complaints.load(); }
  std::vector<std::string> complaints() const;

 private:
  struct shared {
    std::array<task_entry, max_tasks> tasks;
    std::atomic<std::uint64_t> submissions;   ///< that the runtime counts
    std::atomic<std::uint64_t> begun_bodies;  ///< likewise
    std::atomic<std::uint64_t> moves;
    std::atomic<std::int32_t> job_units_in_use;
    std::array<std::atomic<std::int32_t>, max_ranks> node_units_in_use;
    std::atomic<std::uint32_t> open_tasks;
    std::atomic<std::uint32_t> is_stopped;
    std::atomic<std::uint32_t> stage_of_stop;
    std::atomic<std::uint32_t> num_complaints;
    std::array<std::array<char, 256>, max_complaints> texts;
  };

  std::optional<torc::backends::mpi::shared_memory> m_memory;
  shared* m_shared = nullptr;
};

}  // namespace storm
