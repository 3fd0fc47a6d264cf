// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors
#include <exception>
#include <vector>

#include "core/runtime/progress.hpp"
#include "core/runtime/task_bytes.hpp"
#include "core/sched/completion.hpp"
#include "core/task/kept_bytes.hpp"

/// What runs code of the user's, and so never under the role: the writing of tasks, before they come to the role's
/// holder, and what it leaves to be done after it has given the role up.
namespace torc::runtime {

using base::node_id;
using detail::record;

/// By the submitting task, on its stack: writing its arguments is the user's code.
void progress::encode_ahead(record& task) noexcept {
  thread_local std::vector<std::byte> bytes;  // of nobody else meanwhile: what writes it may not wait
  bytes.clear();
  try {
    encode_task(task, bytes);
    task.kept = task::kept_bytes::make(bytes, &bytes);
  } catch (...) {
    task.kept = task::kept_bytes::make(std::current_exception());
  }
}

/// Of a task for a thief: by a thread that holds nothing, unless it is the work of a moment.
bool progress::prepare(protocol::task_ref ref, const protocol::leaving& how) {
  record& task = *reinterpret_cast<record*>(ref);
  if (task.kept != nullptr || task.type->codec->are_arguments_flat) return true;
  const bool is_soon = m_encoders.order([this, ref, how] {
    record& written = *reinterpret_cast<record*>(ref);
    encode_ahead(written);
    post([this, ref, how, size = written.kept->bytes().size()] {
      m_typical_bytes = (3 * m_typical_bytes + size) / 4;
      m_node.prepared(ref, how);
    });
  });
  if (!is_soon) m_network.ring();  // for the server, which sees to it that nothing waits long
  return false;
}

void progress::note_backlog(node_id to) {
  if (!m_has_backlog[index_of(to)].exchange(true, std::memory_order_relaxed)) m_backlogged.push_back(to);
}

/// Lets tasks be encoded by whoever submits them again.
void progress::look_for_room() {
  std::erase_if(m_backlogged, [this](node_id to) {
    if (m_node.is_backlogged(to)) return false;
    m_has_backlog[index_of(to)].store(false, std::memory_order_relaxed);
    return true;
  });
}

/// It was only an entry in a queue.
void progress::drop(record& task) { m_aftermath.dropped.push_back(&task); }

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
  for (record* task : left.done) complete(*task);
  for (record* task : left.dropped) m_scheduler->drop(*task);
  left.broadcasts.clear();
}

}  // namespace torc::runtime
