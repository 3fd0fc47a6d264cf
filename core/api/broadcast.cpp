// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors
#include <torc/detail/entry.hpp>
#include <torc/error.hpp>

#include <utility>

#include "core/runtime/broadcasts.hpp"
#include "core/runtime/current.hpp"
#include "core/runtime/progress.hpp"

/// What torc::broadcast calls.
namespace torc::detail {

bool broadcast_travels() {
  const runtime::held_scheduler keeps_open("broadcast");
  return runtime::current_session()->others() != nullptr;
}

broadcast_name send_broadcast(std::vector<std::byte> bytes) {
  const runtime::submitter keeps_open("broadcast");
  runtime::session& session = *runtime::current_session();
  broadcast_name name;
  name.node = number_of(session.nodes().self());
  name.session = runtime::running_scheduler("broadcast").config().session;
  name.id =
      session.others() != nullptr ? session.others()->send_broadcast(std::move(bytes)) : session.broadcasts().next_id();
  return name;
}

void keep_broadcast(const broadcast_name& name, const std::shared_ptr<const void>& value) {
  const runtime::held_scheduler keeps_open("broadcast");
  runtime::current_session()->broadcasts().keep(name.id, value);
}

void forget_broadcast(const broadcast_name& name) noexcept {
  const runtime::held_scheduler running;
  if (!running || running->config().session != name.session) return;
  runtime::session& session = *runtime::current_session();
  session.broadcasts().drop(name.id);
  if (session.others() != nullptr) session.others()->forget_broadcast(name.id);
}

std::shared_ptr<const void> find_broadcast(const broadcast_name& name, broadcast_reader read) {
  if (name.node < 0) throw error("broadcast: the handle is empty: it was default-constructed");
  const runtime::held_scheduler running("broadcast");
  // Each primary task numbers its own from 0.
  if (running->config().session != name.session)
    throw error("broadcast: the handle belongs to a session that has ended: broadcast the value again in this one");
  runtime::session& session = *runtime::current_session();
  return session.broadcasts().get({base::node_id{name.node}, name.id}, session.nodes().self(), read);
}

}  // namespace torc::detail
