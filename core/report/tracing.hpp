// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors
#pragma once

#include <memory>
#include <torc/options.hpp>

#include "core/metrics/trace.hpp"
#include "core/sched/peers/node_map.hpp"

namespace torc::report {

/// The trace that the options ask for, with its file created; null if they ask for none. Of several nodes each has a
/// file of its own: trace.json becomes trace.node2.json.
/// Throws config_error if the file cannot be written.
std::unique_ptr<torc::metrics::trace> open_trace(const options& chosen, const sched::node_map& nodes);

}  // namespace torc::report
