// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors
#include "core/report/tracing.hpp"

#include <fmt/format.h>

#include <filesystem>
#include <torc/error.hpp>

namespace torc::report {
namespace {

std::string file_of_node(const std::string& chosen, const sched::node_map& nodes) {
  if (nodes.num_nodes() == 1) return chosen;
  std::filesystem::path path(chosen);
  const std::string extension = path.extension().string();
  path.replace_extension(fmt::format("node{}{}", number_of(nodes.self()), extension));
  return path.string();
}

}  // namespace

std::unique_ptr<torc::metrics::trace> open_trace(const options& chosen, const sched::node_map& nodes) {
  if (chosen.trace.empty()) return nullptr;
  auto trace = std::make_unique<torc::metrics::trace>(number_of(nodes.self()));
  if (const std::optional<std::string> problem = trace->open(file_of_node(chosen.trace, nodes))) {
    throw config_error(fmt::format("TORC_TRACE={} is refused: {}", chosen.trace, *problem));
  }
  return trace;
}

}  // namespace torc::report
