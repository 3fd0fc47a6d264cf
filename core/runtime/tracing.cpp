// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors
#include "core/runtime/tracing.hpp"

#include <fmt/format.h>

#include <torc/error.hpp>

namespace torc::runtime {

std::unique_ptr<record::trace> open_trace(const options& chosen, int node) {
  if (chosen.trace.empty()) return nullptr;
  auto trace = std::make_unique<record::trace>(node);
  if (const std::optional<std::string> problem = trace->open(chosen.trace)) {
    throw config_error(fmt::format("TORC_TRACE={} is refused: {}", chosen.trace, *problem));
  }
  return trace;
}

}  // namespace torc::runtime
