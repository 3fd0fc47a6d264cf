// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors
#include <torc/detail/entry.hpp>
#include <torc/error.hpp>

#include <utility>

#include "core/runtime/broadcasts.hpp"
#include "core/runtime/progress.hpp"
#include "core/runtime/session.hpp"

/// What torc::broadcast calls.
namespace torc::detail {
namespace {

runtime::session& running_session(const char* where) {
  static_cast<void>(runtime::running_scheduler(where));
  return *runtime::current_session();
}

}  // namespace

bool broadcast_travels() { return running_session("broadcast").others() != nullptr; }

broadcast_name send_broadcast(std::vector<std::byte> bytes) {
  runtime::session& session = running_session("broadcast");
  broadcast_name name;
  name.node = number_of(session.nodes().self());
  name.session = session.scheduler()->chosen().session;
  name.id =
      session.others() != nullptr ? session.others()->send_broadcast(std::move(bytes)) : session.broadcasts().next_id();
  return name;
}

void keep_broadcast(const broadcast_name& name, const std::shared_ptr<const void>& value) {
  running_session("broadcast").broadcasts().keep(name.id, value);
}

void forget_broadcast(const broadcast_name& name) noexcept {
  runtime::session* const session = runtime::current_session();
  if (session == nullptr || session->scheduler() == nullptr || session->scheduler()->chosen().session != name.session)
    return;
  session->broadcasts().drop(name.id);
  if (session->others() != nullptr) session->others()->forget_broadcast(name.id);
}

std::shared_ptr<const void> find_broadcast(const broadcast_name& name, broadcast_reader read) {
  if (name.node < 0) throw error("broadcast: the handle is empty: it was default-constructed");
  runtime::session& session = running_session("broadcast");
  return session.broadcasts().get({base::node_id{name.node}, name.id}, session.nodes().self(), read);
}

}  // namespace torc::detail
