// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors
#include "core/runtime/grace_watch.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "core/base/clock.hpp"
#include "core/runtime/end_job.hpp"
#include "core/sched/timers.hpp"
#include "core/task/failures.hpp"

namespace torc::runtime {
namespace {

std::string place_of(protocol::transport* network) {
  if (network == nullptr) return "node 0";
  const base::node_id self = network->self();
  return fmt::format("node {} ({})", number_of(self), network->hosts()[index_of(self)]);
}

}  // namespace

/// Ends the job if an spmd of which a body has failed here is not over in time.
struct grace_watch::spmd_limit final : sched::timer {
  spmd_limit(base::node_id of, protocol::transport* through, std::string why)
      : home(of), network(through), reason(std::move(why)) {}
  void expired() noexcept override { end_job(network, reason); }
  const base::node_id home;
  protocol::transport* const network;
  const std::string reason;
};

grace_watch::grace_watch(sched::scheduler& node, protocol::transport* network, std::chrono::duration<double> grace)
    : m_node(node), m_network(network), m_grace(grace), m_place(place_of(network)) {}

grace_watch::~grace_watch() {
  for (const auto& limit : m_spmds) m_node.timers().remove(*limit);
}

void grace_watch::spmd_failed(base::node_id home, const std::string& task_name, const std::exception_ptr& failure) {
  auto limit = std::make_unique<spmd_limit>(
      home, m_network,
      fmt::format("an spmd of '{}' failed on {} ({}), and others of its bodies have not returned within "
                  "TORC_TEAM_GRACE={} s: the job ends",
                  task_name, m_place, task::describe(failure), m_grace.count()));
  const std::scoped_lock lock(m_mutex);
  m_node.timers().add(*limit, base::deadline_after(base::now(), m_grace));
  m_spmds.push_back(std::move(limit));
}

void grace_watch::spmd_settled(base::node_id home) {
  const std::scoped_lock lock(m_mutex);
  std::erase_if(m_spmds, [&](const auto& limit) {
    if (limit->home != home) return false;
    m_node.timers().remove(*limit);
    return true;
  });
}

}  // namespace torc::runtime
