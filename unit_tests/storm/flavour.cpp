// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors
#include "unit_tests/storm/flavour.hpp"

#include <chrono>

namespace storm {

op_kind flavour::choose_op(dice& with) const {
  std::uint32_t sum = 0;
  for (const std::uint32_t w : weights) sum += w;
  std::uint32_t drawn = with.below(sum);
  for (std::size_t i = 0;; ++i) {
    if (drawn < weights[i]) return static_cast<op_kind>(i);
    drawn -= weights[i];
  }
}

flavour choose_flavour(dice& with) {
  flavour chosen;
  constexpr std::array sizes{5U, 15U, 40U, 40U, 120U, 300U};
  chosen.most_tasks = sizes[with.below(sizes.size())];
  chosen.most_depth = 1 + with.below(6);
  chosen.fan_out = 2 + with.below(with.one_in(4) ? 40 : 8);
  for (std::uint32_t& weight : chosen.weights) weight = with.one_in(2) ? with.below(6) : 0;
  chosen.weight(op_kind::submit) = 4 + with.below(12);
  if (with.one_in(16)) {
    chosen.is_flock = true;
    chosen.is_heavy = with.one_in(2);
    chosen.most_tasks = 600;
    chosen.most_depth = 2;
    chosen.fan_out = 4;
    chosen.weights.fill(0);
    chosen.weight(op_kind::submit) = 6;
    chosen.weight(op_kind::wait_children) = 1;
    chosen.weight(op_kind::pause) = 1;
    return chosen;
  }
  if (with.one_in(12)) {
    chosen.is_chain = true;
    chosen.most_tasks = 800;
    chosen.most_depth = with.one_in(4) ? 600 : 150;
    chosen.fan_out = 2;
    for (const op_kind wide : {op_kind::map, op_kind::run_executor, op_kind::submit_outside}) chosen.weight(wide) = 0;
  }
  chosen.has_options = with.one_in(2);
  chosen.has_fates = with.one_in(2);
  chosen.has_kinds = !with.one_in(3);
  chosen.has_local = with.one_in(3);
  chosen.has_troubles = with.one_in(2);
  chosen.has_limits = with.one_in(3);
  if (chosen.has_limits && with.one_in(2)) chosen.weight(op_kind::cancel) = 8;
  return chosen;
}

void choose_session(program& made, dice& with) {
  const std::uint32_t most_workers = with.one_in(2) ? 1 : 3;
  for (int rank = 0; rank < made.num_ranks; ++rank)
    made.workers.push_back(1 + static_cast<int>(with.below(most_workers)));
  torc::options& chosen = made.options;
  chosen.stealing = with.one_in(2);
  chosen.server_yieldtime = std::chrono::microseconds(with.one_in(2) ? 10000 : 100);
  chosen.worker_yieldtime = std::chrono::microseconds(with.one_in(2) ? 10000 : 100);
  constexpr std::array placements{torc::placement_policy::automatic, torc::placement_policy::cyclic,
                                  torc::placement_policy::local};
  chosen.placement = placements[with.below(placements.size())];
  chosen.primary = with.one_in(2) ? torc::primary_place::thread : torc::primary_place::worker;
  chosen.device_slots = 1 + static_cast<int>(with.below(3));
  chosen.device_drivers = 1 + static_cast<int>(with.below(2));
  chosen.seed = made.seed;
  chosen.stats = 0;
  made.limit_capacity = 1 + static_cast<int>(with.below(4));
  made.node_capacity = 1 + static_cast<int>(with.below(3));
}

}  // namespace storm
