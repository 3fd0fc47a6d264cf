// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors
#include "core/report/closing_report.hpp"

#include <fmt/format.h>

#include <utility>

namespace torc::report {
namespace {

constexpr std::size_t most_hints = 3;

}  // namespace

void closing_report::add(std::span<const node_report> nodes, bool was_stealing) {
  for (std::size_t node = 0; node < nodes.size(); ++node) m_nodes[node].add(nodes[node].work);
  m_hints.merge(hints_for(nodes, was_stealing));
}

std::vector<std::string> closing_report::lines(bool has_table) const {
  std::vector<std::string> all;
  for (std::size_t node = 0; node < m_nodes.size(); ++node)
    all.push_back(
        fmt::format("node[{}]: created={}, executed={}", node, m_nodes[node].created, m_nodes[node].executed));
  if (has_table) {
    for (std::string& line : table_of(m_nodes)) all.push_back(std::move(line));
  }
  std::size_t left = most_hints;
  for (const auto& [kind, text] : m_hints) {
    if (left-- == 0) break;
    all.push_back("hint: " + text);
  }
  return all;
}

}  // namespace torc::report
