// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors
#include <fmt/format.h>

#include <cstddef>
#include <cstdint>
#include <optional>
#include <torc/detail/entry.hpp>
#include <torc/detail/mpi_entry.hpp>
#include <torc/detail/path.hpp>
#include <torc/error.hpp>
#include <torc/node.hpp>
#include <utility>
#include <vector>

#include "core/runtime/current.hpp"
#include "core/runtime/progress.hpp"
#include "core/sched/worker/baton.hpp"
#include "core/sched/worker/calling_task.hpp"
#include "core/sched/worker/completion.hpp"
#include "core/sched/worker/waiting.hpp"
#include "core/sched/worker/worker.hpp"
#include "core/task/extras.hpp"

namespace torc::detail {

void require_all_nodes(const char* where) {
  const record* const task = sched::calling_task();
  if (task == nullptr || (task->flags & record_flags::spmd_body) != 0) return;
  throw error(
      fmt::format("{}: task '{}' runs on one node, and the others run nothing beside it that could meet it in MPI: MPI "
                  "calls of your "
                  "own belong into the body of torc::spmd, which runs on all nodes at the same time",
                  where, task::name_of(*task)));
}

bool needs_mpi() noexcept { return torc::num_nodes() > 0 && !runtime::has_ended_on_other_node(); }

struct spmd_turn::impl {
  sched::scheduler& scheduler;
  runtime::progress* others;
  record* parent = nullptr;
  std::vector<record*> bodies;
};

spmd_turn::spmd_turn(bool is_local) {
  sched::worker* const here = sched::worker::current();
  if (here == nullptr || here->task() == nullptr) {
    static_cast<void>(runtime::running_scheduler("spmd"));
    throw error("spmd: only a task can call it, and this thread runs none");
  }
  if ((here->task()->flags & record_flags::in_spmd) != 0)
    throw error("spmd: it cannot be called inside another spmd, nor by tasks of one");
  if ((here->task()->flags & (record_flags::device | record_flags::in_device)) != 0) {
    throw error(
        "spmd: a device task cannot call it, nor can tasks below one: it could wait for the spmd of a task that waits "
        "for its slot");
  }
  runtime::session& session = *runtime::current_session();
  m_impl.reset(new impl{here->scheduler(), session.others(), nullptr, {}});
  if (is_local && num_nodes() > 1)
    throw error("spmd: a function in torc::local stays on its node: an spmd body must be able to travel");
  // If waiting is refused, then here: nothing is queued yet, and the stack that it needs stays with this worker.
  { const sched::baton can_wait; }
  if (m_impl->others != nullptr) m_impl->others->acquire_spmd();
}

spmd_turn::~spmd_turn() {
  if (m_impl->parent == nullptr) {
    for (record* body : m_impl->bodies) sched::release_reference(*body);
  }
  if (m_impl->others != nullptr) m_impl->others->release_spmd();
}

int spmd_turn::num_nodes() const noexcept { return m_impl->scheduler.config().nodes.num_nodes(); }

void spmd_turn::add(record& body) { m_impl->bodies.push_back(&body); }

void spmd_turn::run() {
  sched::scheduler& scheduler = m_impl->scheduler;
  // On the node that calls it alone: once it is spread, all bodies are run, for they may meet in MPI.
  if (scheduler.is_abandoned())
    throw stopped_error("spmd: it has not begun and will not, since the session ends early");
  const auto& bodies = m_impl->bodies;
  m_impl->parent = sched::worker::current()->task();
  // One number among the caller's children, whatever the number of nodes.
  const std::uint64_t path = sched::scheduler::next_child_path(*m_impl->parent);
  for (std::size_t i = 0; i < bodies.size(); ++i)
    scheduler.adopt(*bodies[i], *m_impl->parent, mix_path(path, i), sched::rank_below(*m_impl->parent));
  for (std::size_t i = 0; i < bodies.size(); ++i) {
    const base::node_id to{static_cast<std::int32_t>(i)};
    if (m_impl->others != nullptr) {
      m_impl->others->run_spmd(*bodies[i], to);
    } else {
      scheduler.enqueue(*bodies[i], true);
    }
  }
  sched::wait_list(bodies, std::nullopt, all_completed);
  if (m_impl->others == nullptr) return;
  // Each node where a body has failed watches until it hears that the others have not waited for it.
  std::vector<base::node_id> failed;
  for (std::size_t i = 0; i < bodies.size(); ++i) {
    if (bodies[i]->result_kind == outcome::failed) failed.push_back(base::node_id{static_cast<std::int32_t>(i)});
  }
  if (!failed.empty()) m_impl->others->settle_spmd(std::move(failed));
}

}  // namespace torc::detail
