// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors
#pragma once

#include <torc/detail/record.hpp>

#include <cstdint>
#include <mutex>
#include <set>
#include <utility>

#include "core/sched/worker/completion.hpp"

namespace torc::sched {

class scheduler;

/// The open scopes of a node: records without a body that count tasks which are waited for together, apart from the
/// other children of their parent. A scope that nobody closes is closed when its parent's body ends, and the parent
/// then completes after its tasks: so none is lost with it. Thread-safe.
class scopes {
 public:
  explicit scopes(scheduler& of) : m_scheduler(of) {}

  /// By a thread that runs the parent, or any for one without a body: throws torc::error if that takes no more. One
  /// reference is the caller's.
  detail::record& open(detail::record& parent);
  /// Another one of its parent; by any thread. Throws torc::error if it is closed.
  detail::record& open_beside(const detail::record& scope);
  /// Nothing if it is closed. It completes with its last task; with `is_of_parent` its parent completes after that.
  void close(detail::record& scope, bool is_of_parent);
  /// The parent's body has ended, or it has none and takes no more.
  void close_below(detail::record& parent);
  /// Throws torc::error if it takes no more tasks.
  static void check_open(const detail::record& scope);
  /// Keeps it from completing until close_scope; by any thread that has a reference. Throws torc::error if it has.
  static void hold(detail::record& scope);

 private:
  detail::record& add(detail::record& parent, std::uint64_t path);
  void mark_closed(detail::record& scope, bool is_of_parent);

  scheduler& m_scheduler;
  std::mutex m_mutex;
  std::set<std::pair<detail::record*, detail::record*>> m_open;  ///< each behind its parent; guarded
};

/// The same for as long as it lives.
class scope_hold {
 public:
  explicit scope_hold(detail::record& scope) : m_scope(scope) { scopes::hold(scope); }
  scope_hold(const scope_hold&) = delete;
  scope_hold& operator=(const scope_hold&) = delete;
  ~scope_hold() { close_scope(m_scope); }

 private:
  detail::record& m_scope;
};

}  // namespace torc::sched
