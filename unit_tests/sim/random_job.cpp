// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors
#include "unit_tests/sim/random_job.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <exception>
#include <string_view>

namespace tests {
namespace {

using torc::sim::nanoseconds;
using torc::sim::placement;
using torc::sim::random;
using torc::sim::step;
using torc::sim::task_spec;

constexpr std::array<std::string_view, torc::protocol::num_message_kinds> kind_names = {
    "task",          "result",        "expired",       "credit",        "ask_credit",    "return_credit",
    "ask_places",    "places",        "return_places", "moved",         "cancel",        "cancel_answer",
    "steal_request", "steal_reply",   "lifeline",      "gift",          "set_stealing",  "abandon",
    "stop",          "returned",      "broadcast",     "forget",        "spmd_acquire",  "spmd_grant",
    "spmd_release",  "spmd_settled",  "report_ask",    "report_part",   "report_end",    "survey",
    "survey_part",   "limit_request", "limit",         "limit_heard",   "limit_settled", "units_request",
    "units",         "units_back",    "shutdown",      "tally_request", "tally",         "end"};

/// Mostly near the typical one, now and then much longer.
nanoseconds random_duration(random& rng, nanoseconds typical) {
  const double factor = -std::log(1 - rng.uniform()) * (rng.chance(0.05) ? 20 : 1);
  return nanoseconds(1 + static_cast<std::int64_t>(static_cast<double>(typical.count()) * factor));
}

template <class Value>
Value one_of(random& rng, std::initializer_list<Value> values) {
  return *(values.begin() + rng.below(values.size()));
}

/// Half of the jobs have devices, on some of their nodes.
void give_spaces(random& rng, torc::sim::cluster_options& options, random_program& what) {
  const std::uint64_t num_spaces = rng.chance(0.5) ? 1 + rng.below(3) : 0;
  if (num_spaces == 0) return;
  options.spaces_of_workers = rng.chance(0.5) ? rng.below(std::uint64_t{1} << num_spaces) : 0;
  options.slots.clear();
  std::vector<bool> is_somewhere(num_spaces);
  for (std::uint64_t kinds = 1 + rng.below(5); kinds > 0; --kinds) {
    const bool is_used = options.slots.size() < static_cast<std::size_t>(options.num_nodes);
    auto& slots = options.slots.emplace_back();
    for (std::uint64_t space = 0; space < num_spaces; ++space) {
      slots.push_back(rng.chance(0.5) ? static_cast<int>(1 + rng.below(3)) : 0);
      if (is_used && slots.back() > 0) is_somewhere[space] = true;
    }
  }
  for (std::uint64_t space = 0; space < num_spaces; ++space) {
    if (is_somewhere[space]) what.spaces.push_back(static_cast<int>(space));
  }
  what.likely.device = one_of(rng, {0.1, 0.5, 0.9});
  what.likely.either = one_of(rng, {0.0, 0.2, 0.8});
}

/// Half of the jobs have limits.
void give_limits(random& rng, torc::sim::cluster_options& options, random_program& what) {
  for (std::uint64_t left = rng.chance(0.5) ? 1 + rng.below(3) : 0; left > 0; --left) {
    options.limits.push_back({.capacity = static_cast<std::int64_t>(1 + rng.below(rng.chance(0.3) ? 100 : 4)),
                              .is_per_node = rng.chance(0.3)});
  }
  what.limits = options.limits;
  what.likely.limited = one_of(rng, {0.1, 0.5, 0.9});
}

}  // namespace

task_spec random_program::make_task(random& rng, std::uint32_t most_below) const {
  task_spec made{.seed = rng(), .kind = most_below};
  made.payload_bytes = static_cast<std::uint32_t>(rng.below(most_payload_bytes + 1));
  if (rng.chance(0.02)) made.payload_bytes *= 20;
  made.result_bytes = static_cast<std::uint32_t>(rng.below(64));
  made.throws = rng.chance(likely.throwing);
  made.cannot_be_encoded = rng.chance(likely.not_encodable);
  if (rng.chance(likely.wide)) made.cores = static_cast<std::uint16_t>(2 + rng.below(2));
  if (!spaces.empty() && rng.chance(likely.device)) {
    made.space = spaces[rng.below(spaces.size())];
    made.is_for_host_too = rng.chance(likely.either);
  }
  if (!limits.empty() && rng.chance(likely.limited)) {
    made.limit = static_cast<int>(rng.below(limits.size()));
    const auto capacity = static_cast<std::uint64_t>(limits[static_cast<std::size_t>(made.limit)].capacity);
    made.units = static_cast<std::uint32_t>(1 + rng.below(rng.chance(0.7) ? 1 : capacity));
  }
  return made;
}

std::vector<step> random_program::script(const task_spec& task) const {
  random rng(task.seed);
  std::vector<step> steps;
  const auto add = [&](step::action what, std::uint64_t number = 0) {
    steps.push_back({.what = what, .number = number});
  };
  const auto compute = [&] {
    steps.push_back({.what = step::action::compute, .duration = random_duration(rng, typical_duration)});
  };
  if (task.declares_limits) add(step::action::declare_limits);
  if (rng.chance(0.8)) compute();
  if (task.is_urgent) return steps;

  std::uint32_t left = task.kind;
  std::uint64_t num_children = left == 0 ? 0 : 1 + rng.below(std::min(most_children, left));
  for (; num_children > 0; --num_children) {
    --left;
    const auto below = static_cast<std::uint32_t>(num_children == 1 ? left : rng.below(left / num_children * 2 + 1));
    const std::uint32_t given = std::min(below, left - static_cast<std::uint32_t>(num_children - 1));
    left -= given;
    const double where = rng.uniform();
    step spawned{.what = step::action::spawn, .number = rng(), .task = make_task(rng, given)};
    if (where < likely.placed) {
      spawned.where = placement::placed;
    } else if (where < likely.placed + likely.pinned) {
      spawned.where = placement::pinned;
    } else if (where < likely.placed + likely.pinned + likely.nested_pinned) {
      spawned.where = placement::nested_pinned;
    }
    steps.push_back(spawned);
    if (rng.chance(0.2)) compute();
    if (rng.chance(likely.cancel)) add(step::action::cancel_child, rng());
    if (rng.chance(likely.stranger)) add(step::action::cancel_stranger, rng());
    if (rng.chance(likely.broadcast)) add(step::action::broadcast, 1 + rng.below(200));
    if (task.may_have_limits && rng.chance(0.01)) add(step::action::declare_limits);
    if (rng.chance(likely.toggle)) add(step::action::set_stealing, rng.below(2));
    if (rng.chance(0.1)) add(step::action::wait);
    if (rng.chance(likely.spmd))
      steps.push_back({.what = step::action::spmd, .task = {.seed = rng(), .throws = rng.chance(likely.throwing)}});
  }
  if (rng.chance(likely.wait)) add(step::action::wait);
  if (rng.chance(0.3)) compute();
  return steps;
}

void trace(torc::sim::cluster& job) {
  job.net().watch(
      [&job](torc::protocol::node_id from, torc::protocol::node_id to, const torc::protocol::message& sent) {
        fmt::print("{:>12} {:>3} -> {:<3} {} home={} id={:#x} value={} workers={} flags={} hops={} bytes={}\n",
                   job.when().now().count(), number_of(from), number_of(to),
                   kind_names.at(static_cast<std::size_t>(sent.kind)), number_of(sent.home), sent.id, sent.value,
                   sent.workers, sent.flags, sent.hops, sent.payload.size());
      });
}

std::string run_seed(std::uint64_t seed, bool is_traced, seen& sum) {
  using shape = torc::sim::delays::shape;
  random rng(seed);
  torc::sim::cluster_options options;
  options.seed = seed;
  options.num_nodes = static_cast<int>(1 + rng.below(rng.chance(0.5) ? 4 : rng.chance(0.7) ? 12 : 64));
  options.workers.clear();
  for (std::uint64_t i = 1 + rng.below(4); i > 0; --i)
    options.workers.push_back(static_cast<std::uint32_t>(1 + rng.below(4)));
  options.nodes_per_host = static_cast<int>(1 + rng.below(static_cast<std::uint64_t>(options.num_nodes) + 1));
  options.network.kind =
      one_of(rng, {shape::constant, shape::uniform, shape::heavy_tailed, shape::slow_link, shape::slow_node});
  options.network.typical = nanoseconds(one_of(rng, {1, 2'000, 100'000}));
  options.network.slow = static_cast<int>(rng.below(static_cast<std::uint64_t>(options.num_nodes)));
  options.wake_delay = nanoseconds(one_of(rng, {0, 0, 1'000, 50'000}));
  options.budget_bytes = one_of(rng, {1, 800, 4'000, 20'000, 1 << 20});
  options.steal_bytes = one_of<std::uint64_t>(rng, {1, 1'000, 10'000, 1 << 20});
  options.is_stealing = rng.chance(0.6);

  random_program what;
  give_spaces(rng, options, what);
  give_limits(rng, options, what);
  what.typical_duration = nanoseconds(one_of(rng, {10, 1'000, 10'000, 300'000}));
  what.most_payload_bytes = one_of(rng, {0U, 100U, 3'000U});
  what.most_children = static_cast<std::uint32_t>(one_of(rng, {2, 8, 50}));
  what.likely.placed = one_of(rng, {0.0, 0.3, 0.9});
  what.likely.pinned = one_of(rng, {0.0, 0.1});
  what.likely.cancel = one_of(rng, {0.0, 0.1, 0.4});
  what.likely.stranger = one_of(rng, {0.0, 0.05, 0.3});
  what.likely.wait = one_of(rng, {0.0, 0.7, 1.0});
  what.likely.toggle = one_of(rng, {0.0, 0.0, 0.02, 0.1});
  what.likely.spmd = one_of(rng, {0.0, 0.0, 0.02});

  const std::uint32_t most_below = static_cast<std::uint32_t>(rng.below(rng.chance(0.1) ? 2000 : 200));
  const auto some_time = [&] {
    return random_duration(rng, (what.typical_duration + options.network.typical) * (1 + rng.below(20)));
  };
  try {
    torc::sim::cluster job(options, what);
    if (is_traced) trace(job);
    task_spec primary = what.make_task(rng, most_below);
    primary.throws = false;
    primary.cores = 1;
    primary.space = torc::sim::no_space;
    primary.limit = torc::sim::no_limit;
    primary.declares_limits = true;
    primary.may_have_limits = true;
    job.begin(primary);
    if (rng.chance(0.3)) {
      for (std::uint64_t i = 1 + rng.below(4); i > 0; --i) {
        const int where = static_cast<int>(rng.below(static_cast<std::uint64_t>(options.num_nodes)));
        task_spec stranger = what.make_task(rng, static_cast<std::uint32_t>(rng.below(20)));
        stranger.cores = 1;
        stranger.space = torc::sim::no_space;
        stranger.limit = torc::sim::no_limit;
        job.submit_after(some_time(), where, stranger);
      }
    }
    if (rng.chance(0.05)) job.abandon_after(some_time());
    while (rng.chance(0.05))
      job.stop_after(some_time(), static_cast<int>(rng.below(static_cast<std::uint64_t>(options.num_nodes))));
    job.run(5'000'000);
    sum.tasks += job.all().num_tasks();
    for (int i = 0; i < options.num_nodes; ++i) sum.in_slots += job.at(i).num_executed_in_slots();
    sum.events += job.when().num_done();
    sum.limited += job.all().num_limited;
    sum.cancelled += job.all().num_cancelled;
    sum.cancelled_far += job.all().num_cancelled_far;
    for (std::size_t i = 0; i < sum.messages.size(); ++i)
      sum.messages.at(i) += job.net().num_sent(static_cast<torc::protocol::message_kind>(i));
  } catch (const std::exception& error) {
    return error.what();
  }
  return {};
}

}  // namespace tests
