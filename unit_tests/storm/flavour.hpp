// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

#include "unit_tests/storm/dice.hpp"
#include "unit_tests/storm/program.hpp"

namespace storm {

/// What a program is made of: each has some operations only, and so meets their combinations more often (Groce et al.,
/// Swarm testing, ISSTA 2012).
struct flavour {
  std::uint32_t most_tasks = 0;
  std::uint32_t most_depth = 0;
  std::uint32_t fan_out = 0;  ///< operations of a task
  bool is_chain = false;      ///< deep, and not wide
  bool is_flock = false;      ///< many tasks, each with some of its own
  bool is_heavy = false;      ///< a flock of tasks with much to carry
  bool has_options = false;
  bool has_fates = false;  ///< other than values
  bool has_kinds = false;  ///< other than numbers
  bool has_troubles = false;
  bool has_local = false;
  bool has_limits = false;
  std::array<std::uint32_t, num_op_kinds> weights{};

  std::uint32_t& weight(op_kind kind) { return weights[static_cast<std::size_t>(kind)]; }
  op_kind choose_op(dice& with) const;
};

flavour choose_flavour(dice& with);
/// Workers, options and limits of the program's session.
void choose_session(program& made, dice& with);

}  // namespace storm
