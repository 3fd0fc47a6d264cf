// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors
#include <exception>
#include <string>
#include <vector>

#include "core/runtime/progress.hpp"
#include "core/runtime/task_bytes.hpp"
#include "core/sched/queue/claims.hpp"
#include "core/sched/worker/completion.hpp"
#include "core/task/kept_bytes.hpp"

/// What runs code of the user's, and so never under the role: the writing of tasks, before they come to the role's
/// holder, and what it leaves to be done after it has given the role up.
namespace torc::runtime {

using base::node_id;
using detail::record;

/// Writing its arguments is the user's code. `limits_above`: see encode_task.
void progress::encode_ahead(record& task, const std::vector<std::string>& limits_above) noexcept {
  thread_local std::vector<std::byte> bytes;  // of nobody else meanwhile: what writes it may not wait
  bytes.clear();
  try {
    encode_task(task, limits_above, bytes);
    task.kept = task::kept_bytes::make(bytes, &bytes);
  } catch (...) {
    task.kept = task::kept_bytes::make(std::current_exception());
    std::vector<std::byte>().swap(bytes);  // they may be many, and this thread may never need so many again
  }
}

/// Of a task that may be cancelled at any moment, and then outlive those above it; but not while it is claimed.
std::vector<std::string> progress::find_limits_above(record& task) {
  if ((task.flags & detail::record_flags::in_limit) == 0 || !sched::claim_for_departure(task)) return {};
  std::vector<std::string> names = limits_above(task);
  sched::come_back(task);
  return names;
}

/// Of a task for a thief: by a thread that holds nothing, unless it is the work of a moment.
bool progress::prepare(protocol::task_ref ref, const protocol::leaving& how) {
  record& task = *reinterpret_cast<record*>(ref);
  // One that was cancelled will not leave.
  if (task.kept != nullptr || task.type->codec->are_arguments_flat || sched::is_revoked(task) ||
      m_scheduler->gives_up(task))
    return true;
  const bool is_soon = m_encoders.order([this, ref, how, limits = find_limits_above(task)] {
    record& written = *reinterpret_cast<record*>(ref);
    encode_ahead(written, limits);
    post([this, ref, how, size = written.kept->bytes().size()] {
      m_typical_bytes = (3 * m_typical_bytes + size) / 4;
      m_node.prepared(ref, how);
    });
  });
  if (!is_soon) m_network.ring();  // for the server, which sees to it that nothing waits long
  return false;
}

/// They are not to wait for what takes long to be written.
void progress::answer_late_thieves() {
  const base::time_point now = base::now();
  if (now - m_thieves_told < encoders::patience) return;
  m_thieves_told = now;
  m_node.answer_late();
}

void progress::note_backlog(node_id to) {
  if (!m_has_backlog[index_of(to)].exchange(true, std::memory_order_relaxed)) m_backlogged.push_back(to);
}

/// Lets tasks be encoded by whoever submits them again.
void progress::look_for_credit() {
  if (m_node.num_waiting() == 0) m_may_wait.store(false, std::memory_order_relaxed);
  std::erase_if(m_backlogged, [this](node_id to) {
    if (m_node.is_backlogged(to)) return false;
    m_has_backlog[index_of(to)].store(false, std::memory_order_relaxed);
    return true;
  });
}

/// It was only an entry in a queue.
void progress::drop(record& task) { m_aftermath.dropped.push_back(&task); }

void progress::drop(sched::revoked_tasks& revoked) {
  while (record* const task = revoked.pop()) drop(*task);
}

/// Callbacks, destructors and the supply of maps.
void progress::settle(aftermath& left) {
  for (record* task : left.expired) {
    sched::fulfil(*task);
    post([this, task] {
      const bool is_over = m_expiring.at(task);
      m_expiring.erase(task);
      if (is_over) over(*task);
    });
  }
  if (!left.done.empty() || !left.dropped.empty()) m_scheduler->running().let_read();
  for (record* task : left.done) sched::complete(*task);
  for (record* task : left.dropped) sched::release_reference(*task);
  left.broadcasts.clear();
}

}  // namespace torc::runtime
