// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <vector>

#include "backends/sim/cluster.hpp"
#include "backends/sim/program.hpp"
#include "core/protocol/message.hpp"

namespace tests {

/// How likely bodies do what; a task's `kind` is how many tasks may be below it.
class random_program final : public torc::sim::program {
 public:
  struct chances {
    double placed = 0.3;
    double pinned = 0.1;
    double nested_pinned = 0.05;
    double throwing = 0.05;
    double not_encodable = 0.01;
    double wide = 0.05;
    double device = 0;
    double limited = 0;
    double either = 0.2;  ///< of those for devices, that a worker may run them as well
    double cancel = 0.1;
    double stranger = 0.05;
    double broadcast = 0.02;
    double toggle = 0;
    double spmd = 0;
    double wait = 0.7;
  };
  chances likely;
  std::vector<int> spaces;  ///< that some node has
  std::vector<torc::sim::limit_spec> limits;
  std::uint32_t most_children = 8;
  std::uint32_t most_payload_bytes = 100;
  torc::sim::nanoseconds typical_duration{10'000};

  std::vector<torc::sim::step> script(const torc::sim::task_spec& task) const override;

  torc::sim::task_spec make_task(torc::sim::random& rng, std::uint32_t most_below) const;
};

/// All that was seen in some runs.
struct seen {
  std::uint64_t tasks = 0;
  std::uint64_t in_slots = 0;
  std::uint64_t limited = 0;
  std::uint64_t events = 0;
  std::uint64_t cancelled = 0;
  std::uint64_t cancelled_far = 0;
  std::array<std::uint64_t, torc::protocol::num_message_kinds> messages{};
};

/// Runs the job that follows from the seed; what was wrong, or nothing.
std::string run_seed(std::uint64_t seed, bool is_traced, seen& sum);

/// Prints what is sent.
void trace(torc::sim::cluster& job);

}  // namespace tests
