// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors
#pragma once

#include <map>
#include <span>
#include <string>

#include "core/report/node_report.hpp"

namespace torc::report {

/// What made a job slow, the clearest first.
enum class hint_kind {
  bodies_beyond_their_timeout,
  tasks_that_cost_more_than_they_do,
  nodes_that_could_have_helped,
  cores_without_workers,
  workers_without_cores
};

/// Sentences that say what would have made a primary task faster: only what is sure and cost more than a second and a
/// tenth of the time. None if a node has told nothing of its workers.
std::map<hint_kind, std::string> hints_for(std::span<const node_report> nodes, bool was_stealing);

}  // namespace torc::report
