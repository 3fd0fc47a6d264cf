// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors
#include <utility>

#include "core/runtime/progress.hpp"

/// What a node hears from the others besides tasks and results. All of it is called by the holder of the role.
namespace torc::runtime {

using base::node_id;

void progress::stealing_changed(bool is_on) {
  m_is_stealing.store(is_on, std::memory_order_relaxed);
  m_scheduler->set_keeps_nested(m_placement.keeps_nested(is_on));
}

void progress::broadcast_arrived(node_id root, std::uint64_t id, protocol::payload value) {
  std::vector<std::byte> bytes;
  if (value.buffer != nullptr) {
    bytes = std::move(*value.buffer);
  } else {
    bytes.assign(value.bytes.begin(), value.bytes.end());
  }
  m_broadcasts.arrived({root, id}, std::move(bytes));
}

void progress::shutting_down(std::uint64_t status) {
  if (m_nodes.self() == base::first_node) {
    post([this] { m_node.drained(); });  // the scheduler comes here last
    return;
  }
  m_status.store(static_cast<int>(status));
  m_scheduler->close_outside([this] { post([this] { m_node.drained(); }); });
}

void progress::ended() {
  if (m_end_waiter != nullptr) {
    m_end_waiter->notify();
  } else {
    m_scheduler->finish();
  }
  m_has_ended.store(true, std::memory_order_release);
}

}  // namespace torc::runtime
