// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors
#include "core/runtime/cluster.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <cereal/types/string.hpp>
#include <cereal/types/vector.hpp>
#include <torc/detail/archive.hpp>
#include <torc/error.hpp>

#include <algorithm>
#include <string_view>
#include <unordered_set>

#include "core/base/count_of.hpp"
#include "core/os/topology.hpp"
#include "core/runtime/workers.hpp"
#include "core/task/identity.hpp"

namespace torc::runtime {
namespace {

/// One node's part of the first exchange.
struct introduction {
  std::string problem;  ///< its configuration's, empty if it is well
  std::string host;
  std::string cores;  ///< that it may use
  std::string machine;
  std::uint64_t program = 0;  ///< its module's id
  std::string program_path;
  std::uint64_t seed = 0;
  std::uint8_t stealing = 0;
  std::uint8_t placement = 0;
  std::int64_t pid = 0;

  template <class Archive>
  void serialize(Archive& archive) {
    archive(problem, host, cores, machine, program, program_path, seed, stealing, placement, pid);
  }
};

/// And of the second.
struct decision {
  std::string problem;
  std::int32_t workers = 1;
  std::uint8_t is_bound = 0;
  std::vector<std::string> spaces;  ///< names
  std::vector<std::int32_t> slots;  ///< of each
  std::vector<std::string> descriptions;

  template <class Archive>
  void serialize(Archive& archive) {
    archive(problem, workers, is_bound, spaces, slots, descriptions);
  }
};

template <class T>
std::vector<T> exchange(protocol::transport* network, T mine) {
  if (network == nullptr) return {std::move(mine)};
  std::vector<std::byte> bytes;
  detail::output_archive out(bytes);
  out(mine);
  std::vector<T> all;
  for (const auto& part : network->all_gather(bytes)) {
    detail::input_archive in(part);
    in(all.emplace_back());
  }
  return all;
}

/// The first node's problem, with its name if there are several nodes.
template <class T>
void check_problems(const std::vector<T>& all) {
  for (std::size_t node = 0; node < all.size(); ++node) {
    const std::string& problem = all[node].problem;
    if (problem.empty()) continue;
    const bool is_everywhere =
        std::all_of(all.begin(), all.end(), [&](const T& other) { return other.problem == problem; });
    throw config_error(is_everywhere ? problem : fmt::format("node {}: {}", node, problem));
  }
}

template <class Show>
void check_same(const std::vector<introduction>& all, const char* what, Show show) {
  for (std::size_t node = 1; node < all.size(); ++node) {
    if (show(all[node]) == show(all[0])) continue;
    throw config_error(fmt::format("{} must be the same on all nodes, but is {} on node 0 and {} on node {}", what,
                                   show(all[0]), show(all[node]), node));
  }
}

void check_programs(const std::vector<introduction>& all) {
  for (std::size_t node = 1; node < all.size(); ++node) {
    if (all[node].program == all[0].program) continue;
    throw config_error(fmt::format(
        "the nodes run different programs: node 0 {} with id {:016x}, node {} {} with id {:016x}; start the "
        "same build on every node",
        all[0].program_path, all[0].program, node, all[node].program_path, all[node].program));
  }
}

int slots_of(const space_facts& space, const options& chosen, int workers) {
  switch (space.dispatch) {
    case sched::dispatch::drivers:
      return space.devices * chosen.device_slots;
    case sched::dispatch::each_worker:
      return workers;
    case sched::dispatch::one_worker:
    case sched::dispatch::first_thread:
      return 1;
  }
  return 1;
}

/// "Cuda device 0 (NVIDIA H100) with 4 slots"
std::string describe(const space_facts& space, int slots) {
  const int of_each = slots / std::max(1, space.devices);
  return fmt::format("{} with {}{}", space.description, base::count_of(static_cast<std::uint64_t>(of_each), "slot"),
                     space.devices > 1 ? " each" : "");
}

/// What stands before it, too; nothing for a node without spaces.
std::string describe_spaces(const decision& node) {
  std::string text;
  for (const std::string& description : node.descriptions) text += ", " + description;
  return text;
}

std::string describe(const std::vector<introduction>& all, const std::vector<decision>& decisions,
                     const sched::node_map& nodes) {
  std::unordered_set<std::string_view> hosts;
  for (const introduction& node : all) hosts.insert(node.host);
  const std::string workers = base::count_of(static_cast<std::size_t>(nodes.num_workers()), "worker");
  if (all.size() == 1)
    return fmt::format("1 node, {}{}, on {}", workers, decisions[0].is_bound != 0 ? " bound to cores" : "",
                       all[0].machine) +
           describe_spaces(decisions[0]);
  return fmt::format("{} nodes on {}, {}", all.size(), base::count_of(hosts.size(), "host"), workers);
}

}  // namespace

void agree_on_problem(protocol::transport* network, const std::string& problem) {
  check_problems(exchange(network, decision{.problem = problem}));
}

cluster agree(protocol::transport* network, const std::function<options()>& resolve,
              const std::vector<space_facts>& spaces) {
  const os::topology& machine = os::machine();
  const std::size_t self = network != nullptr ? index_of(network->self()) : 0;

  cluster result;
  introduction mine;
  try {
    result.chosen = resolve();
  } catch (const config_error& e) {
    mine.problem = e.what();
  }
  mine.host = network != nullptr ? network->hosts()[self] : std::string();
  mine.cores = machine.usable();
  mine.machine = machine.describe();
  const task::module_info program = task::modules().front();
  mine.program = program.id;
  mine.program_path = program.path;
  mine.seed = result.chosen.seed;
  mine.stealing = result.chosen.stealing ? 1 : 0;
  mine.placement = static_cast<std::uint8_t>(result.chosen.placement);
  mine.pid = ::getpid();
  const auto all = exchange(network, std::move(mine));
  for (const introduction& one : all) result.pids.push_back(static_cast<long>(one.pid));
  check_problems(all);
  check_programs(all);
  check_same(all, "TORC_SEED", [](const introduction& i) { return i.seed; });
  check_same(all, "TORC_STEALING", [](const introduction& i) { return i.stealing != 0 ? "true" : "false"; });
  check_same(all, "TORC_PLACEMENT", [](const introduction& i) {
    return i.placement == 0 ? "auto" : i.placement == 1 ? "cyclic" : "local";
  });

  // The nodes of this host that may use the same cores.
  std::vector<std::size_t> sharers;
  for (std::size_t node = 0; node < all.size(); ++node) {
    if (all[node].host == all[self].host && all[node].cores == all[self].cores) sharers.push_back(node);
  }
  result.first_sharer = sharers.front();
  const auto place = static_cast<int>(std::find(sharers.begin(), sharers.end(), self) - sharers.begin());
  decision own;
  own.workers = worker_count(result.chosen, machine, static_cast<int>(sharers.size()), place);
  result.primary_has_thread = self == 0 && result.chosen.primary != primary_place::worker;
  for (const space_facts& space : spaces) {
    own.spaces.push_back(space.name);
    own.slots.push_back(slots_of(space, result.chosen, own.workers));
    own.descriptions.push_back(describe(space, own.slots.back()));
    if (space.dispatch != sched::dispatch::first_thread || self != 0) continue;
    result.primary_has_thread = false;
    if (result.chosen.primary == primary_place::thread) {
      own.problem = fmt::format(
          "TORC_PRIMARY=thread cannot be used with the execution space {}, which only the thread that initialised "
          "Kokkos may "
          "use: that must be worker 0",
          space.name);
    }
  }
  auto decisions = exchange(network, own);
  int workers_here = 0;
  for (const std::size_t node : sharers) {
    if (node == self) result.first_core = workers_here;
    workers_here += decisions[node].workers;
  }
  result.num_cores = std::max(0, machine.auto_workers() - (workers_here - own.workers));
  result.cores_per_worker = std::max(1, machine.auto_workers() / std::max(1, workers_here));
  try {
    result.is_bound = is_to_bind(result.chosen, workers_here, machine);
  } catch (const config_error& e) {
    own.problem = e.what();
  }
  own.is_bound = result.is_bound ? 1 : 0;
  decisions = exchange(network, own);
  check_problems(decisions);

  std::vector<int> workers;
  for (const decision& d : decisions) workers.push_back(d.workers);
  result.nodes = sched::node_map(base::node_id{static_cast<std::int32_t>(self)}, workers);
  std::vector<std::vector<sched::space_map::entry>> spaces_of_nodes;
  for (const decision& d : decisions) {
    auto& entries = spaces_of_nodes.emplace_back();
    for (std::size_t i = 0; i < d.spaces.size(); ++i) entries.push_back({d.spaces[i], d.slots[i]});
  }
  result.spaces = sched::space_map(spaces_of_nodes);
  if (self != 0) return result;
  result.census.push_back(describe(all, decisions, result.nodes));
  if (result.chosen.workers == options::auto_workers && sharers.size() > 1 && workers_here > machine.auto_workers()) {
    result.notes.push_back(
        fmt::format("TORC_WORKERS=auto: each of the {} nodes on this host has one worker, because they share {}",
                    sharers.size(), base::count_of(static_cast<std::uint64_t>(machine.auto_workers()), "core")));
  }
  if (all.size() > 1) {
    for (std::size_t node = 0; node < all.size(); ++node) {
      result.census.push_back(fmt::format("node {} on {}: {}{}, {}", node, all[node].host,
                                          base::count_of(static_cast<std::uint64_t>(decisions[node].workers), "worker"),
                                          decisions[node].is_bound != 0 ? " bound to cores" : "", all[node].machine) +
                              describe_spaces(decisions[node]));
    }
  }
  return result;
}

}  // namespace torc::runtime
