// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors
#pragma once

#include <cstddef>
#include <map>
#include <span>
#include <string>
#include <vector>

#include "core/report/hints.hpp"
#include "core/report/node_report.hpp"

namespace torc::report {

/// What a session's closing lines say of its primary tasks, all together.
class closing_report {
 public:
  explicit closing_report(std::size_t num_nodes) : m_nodes(num_nodes) {}

  /// One is over. Of each kind of hint the first one stays.
  void add(std::span<const node_report> nodes, bool was_stealing);
  std::vector<std::string> lines(bool has_table) const;

 private:
  std::vector<node_work> m_nodes;
  std::map<hint_kind, std::string> m_hints;
};

}  // namespace torc::report
