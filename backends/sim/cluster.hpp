// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "backends/sim/agenda.hpp"
#include "backends/sim/ledger.hpp"
#include "backends/sim/network.hpp"
#include "backends/sim/node_model.hpp"
#include "backends/sim/program.hpp"

namespace torc::sim {

/// A job of simulated nodes.
struct cluster_options {
  int num_nodes = 1;
  std::vector<std::uint32_t> workers = {1};    ///< of the nodes in turn
  std::vector<std::vector<int>> slots = {{}};  ///< of the nodes in turn, by execution space; 0: it lacks the space
  std::uint64_t spaces_of_workers = 0;         ///< one bit each: their tasks are run by workers, as all others are
  int nodes_per_host = 1;
  delays network;
  nanoseconds wake_delay{0};
  std::int64_t budget_bytes = 1 << 20;  ///< of each node, for the tasks of all others
  std::uint64_t steal_bytes = 1 << 20;
  bool is_stealing = false;
  std::vector<limit_spec> limits;
  std::uint64_t seed = 0;
};

class cluster final : public actor {
 public:
  /// `what` must outlive it.
  cluster(const cluster_options& options, const program& what);
  cluster(const cluster&) = delete;
  cluster& operator=(const cluster&) = delete;

  /// The primary task, on node 0.
  void begin(const task_spec& primary) { m_nodes.front()->submit(primary, true); }
  /// Later a task is submitted on this node from outside of all others.
  void submit_after(nanoseconds delay, int node, const task_spec& task);
  void abandon_after(nanoseconds delay);
  /// A signal comes to this node.
  void stop_after(nanoseconds delay, int node);
  /// What happens may be looked at then.
  void call_after(nanoseconds delay, std::function<void()> what);

  /// Until nothing happens any more. Throws broken unless all has ended well, within so many events.
  void run(std::uint64_t most_events);

  node_model& at(int node) { return *m_nodes[static_cast<std::size_t>(node)]; }
  int num_nodes() const noexcept { return m_options.num_nodes; }
  const agenda& when() const noexcept { return m_agenda; }
  network& net() noexcept { return m_network; }
  const ledger& all() const noexcept { return m_ledger; }

  void act(std::uint64_t what) override;

 private:
  std::string describe() const;
  const std::vector<int>& slots_of(int node) const {
    return m_options.slots[static_cast<std::size_t>(node) % m_options.slots.size()];
  }
  void check_demand() const;
  void check_demand(const std::vector<node_id>& ring, const protocol::demand& of) const;

  const cluster_options m_options;
  agenda m_agenda;
  network m_network;
  ledger m_ledger;
  job_spaces m_spaces;
  std::vector<node_id> m_all_nodes;
  std::vector<std::unique_ptr<node_model>> m_nodes;
  std::vector<std::function<void()>> m_calls;
};

}  // namespace torc::sim
