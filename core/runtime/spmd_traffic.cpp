// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors
#include <exception>
#include <mutex>
#include <thread>
#include <utility>

#include "core/runtime/progress.hpp"
#include "core/runtime/task_bytes.hpp"
#include "core/task/extras.hpp"

/// What nodes say to each other about spmds: whose turn it is, that all have come, that one has failed.
namespace torc::runtime {
namespace {

using base::node_id;
using detail::record;

/// Between two looks whether all nodes have come to an spmd.
constexpr std::chrono::nanoseconds meeting_pause = std::chrono::microseconds(20);

}  // namespace

void progress::acquire_spmd() {
  sched::baton turn_came({sched::wait_kind::spmd});
  post([this, &turn_came] {
    m_spmd_waiters.push_back(&turn_came);
    m_node.acquire_spmd();
  });
  turn_came.wait();
}

void progress::release_spmd() {
  post([this] { m_node.release_spmd(); });
}

void progress::spmd_granted() {
  sched::baton* const next = m_spmd_waiters.front();
  m_spmd_waiters.erase(m_spmd_waiters.begin());
  next->notify();
}

void progress::begin_spmd_body() noexcept {
  if (!is_exclusive()) return;
  // A body that waits for the others inside MPI keeps this node from sending: so nobody goes in before all are there.
  for (;;) {
    while (!m_role.try_lock()) std::this_thread::yield();
    note_holder();
    try {
      if (m_network.meet()) return;
    } catch (const std::exception& e) {
      abort(e.what());
    }
    leave_role();
    wake_server();
    std::this_thread::sleep_for(meeting_pause);
  }
}

void progress::end_spmd_body() noexcept {
  if (!is_exclusive()) return;
  leave_role();
  wake_server();
}

/// Also by the holder of the role, of a body that cannot be encoded.
void progress::spmd_body_failed(record& task) {
  const node_id home = (task.flags & detail::record_flags::guest) != 0 ? sched::guest_of(task).home : m_nodes.self();
  m_watch->spmd_failed(home, task::name_of(task), task.extras->failure->exception);
}

/// The body here may have failed without having left this node, whatever it was for.
void progress::settle_spmd(std::vector<node_id> failed) {
  m_watch->spmd_settled(m_nodes.self());
  std::erase(failed, m_nodes.self());
  if (failed.empty()) return;
  post([this, to = std::move(failed)] {
    for (const node_id node : to) m_node.settle_spmd(node);
  });
}

void progress::run_spmd(record& task, node_id node) {
  if (node == m_nodes.self()) {
    m_scheduler->enqueue(task, true);
    return;
  }
  task.node = number_of(node);
  encode_ahead(task, limits_above(task));
  queue(task);
}

}  // namespace torc::runtime
